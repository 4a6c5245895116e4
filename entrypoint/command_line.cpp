#include "command_line.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "error/error.h"
#include "help.h"
#include "settings/options.h"
#include "usage_mistake.h"
#include "version.h"

namespace slipway {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view help_command = "help";

// `-1` is a selector, but CLI11 takes it for an option.
bool is_downward_selector(std::string_view word) {
  return word.size() > 1 && word.starts_with('-') && word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool takes_value(const CLI::App& command, const std::string& flag) {
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    if (const CLI::Option* option = app->get_option_no_throw(flag)) return option->get_items_expected_max() > 0;
  }
  return false;
}

// CLI11 takes everything after `--` for an argument, so `-1` is moved there unless it is the value of an option.
Words with_selectors_last(const CLI::App& command, const Words& words) {
  const auto dashes = std::ranges::find(words, "--");
  Words result;
  Words selectors;
  for (auto word = words.begin(); word != dashes; ++word) {
    const bool is_value = word != words.begin() && (word - 1)->starts_with('-') &&
                          (word - 1)->find('=') == std::string::npos && takes_value(command, *(word - 1));
    (is_downward_selector(*word) && !is_value ? selectors : result).push_back(*word);
  }
  if (selectors.empty()) return words;
  result.emplace_back("--");
  result.insert(result.end(), selectors.begin(), selectors.end());
  if (dashes != words.end()) result.insert(result.end(), dashes + 1, words.end());
  return result;
}

// The place where the application's command line begins in the words after `run`: after `--`, or else at the first word
// that is not an option of slipway.
std::size_t application_begin(const CLI::App& command, const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") return i;
    if (!words[i].starts_with('-')) return i;
    const bool value_follows = words[i].find('=') == std::string::npos && takes_value(command, words[i]);
    if (value_follows) ++i;
  }
  return words.size();
}

// The word that names the command, as CLI11 will find it. In `--role run current` it is `current`, because `run` is the
// value of --role.
Words::const_iterator find_command(const CLI::App& app, const Words& words,
                                   const std::map<std::string, const CLI::App*>& named) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (named.contains(*word)) return word;
    const bool value_follows =
        word->starts_with('-') && word->find('=') == std::string::npos && takes_value(app, *word);
    if (value_follows && word + 1 != words.end()) ++word;
  }
  return words.end();
}

// `help upgrade` is another way to write `upgrade --help`.
Words with_help_as_option(const Words& words) {
  if (words.empty() || words.front() != help_command) return words;
  if (words.size() > 1 && words[1] == help_command) return {"--help"};
  Words result{words.begin() + 1, words.end()};
  result.emplace_back("--help");
  return result;
}

// The settings as flags of every command. The values are collected as text for resolve().
class SettingFlags {
 public:
  void add_to(CLI::App& app) {
    for (const Option& option : options()) {
      std::string& value = values_[std::string{option.key}];
      const std::string flag = "--" + std::string{option.key};
      const std::string text = std::string{option.description} + " [" + std::string{default_text(option)} + "]";
      CLI::Option* added = nullptr;
      if (option.bare_flag) {
        added = app.add_flag(flag + "{" + std::string{*option.bare_flag} + "}", value, text)
                    ->type_name(std::string{option.value_name});
      } else if (option.kind == OptionKind::paths) {
        added = app.add_option(flag, lists_[std::string{option.key}], text)->type_name(std::string{option.value_name});
        added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
      } else {
        added = app.add_option(flag, value, text)->type_name(std::string{option.value_name});
      }
      added->group(std::string{option.group});
      added_.emplace_back(option.key, added);
    }
  }

  Flags given() const {
    Flags flags;
    for (const auto& [key, option] : added_) {
      if (option->count() == 0) continue;
      const auto list = lists_.find(std::string{key});
      flags[std::string{key}] =
          list == lists_.end() ? values_.at(std::string{key}) : CLI::detail::join(list->second, ":");
    }
    return flags;
  }

 private:
  std::map<std::string, std::string> values_;
  std::map<std::string, Words> lists_;
  std::vector<std::pair<std::string_view, const CLI::Option*>> added_;
};

// The innermost command on the command line.
const CLI::App& chosen(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : *subcommands.front();
}

Words unused(const CLI::App& app) {
  Words words = app.remaining(true);
  // CLI11 counts the dashes themselves among the remaining words.
  std::erase(words, "--");
  return words;
}

}  // namespace

CommandLine parse_command_line(std::span<char* const> arguments) {
  const auto definition =
      std::make_shared<CLI::App>("Start an application only on the database schema it was built for.", "slipway");
  CLI::App& app = *definition;
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer("`slipway COMMAND --help` shows the options of a command, with an example.");
  app.set_version_flag("--version,-V", "slipway " + std::string{version});
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.allow_extras();
  SettingFlags settings;
  settings.add_to(app);

  // Only the commands that appear on the command line are fully defined. Defining the options of all commands would
  // take a third of the time between the start and the first connection.
  Words words = with_help_as_option({arguments.begin() + 1, arguments.end()});
  const auto is_named = [&](std::string_view name) { return std::ranges::find(words, name) != words.end(); };
  std::map<std::string, Action> actions;
  std::map<std::string, const CLI::App*> named;
  for (const Command* const each : commands()) {
    const Command& command = *each;
    CLI::App* const subcommand = app.add_subcommand(std::string{command.name}, std::string{command.summary});
    named[std::string{command.name}] = subcommand;
    if (!command.alias.empty()) {
      subcommand->alias(std::string{command.alias});
      named[std::string{command.alias}] = subcommand;
    }
    subcommand->footer(std::string{command.details});
    subcommand->group("Commands");
    subcommand->allow_extras();
    if (is_named(command.name) || is_named(command.alias))
      actions[std::string{command.name}] = command.define(*subcommand);
  }

  CommandLine line;
  line.definition = definition;
  const auto command = find_command(app, words, named);
  if (command != words.end() && *command == run_command.name) {
    const Words rest{command + 1, words.cend()};
    const std::size_t begin = application_begin(*app.get_subcommand(std::string{run_command.name}), rest);
    line.application.assign(rest.begin() + static_cast<std::ptrdiff_t>(begin), rest.end());
    if (!line.application.empty() && line.application.front() == "--") line.application.erase(line.application.begin());
    words.erase(command + 1 + static_cast<std::ptrdiff_t>(begin), words.cend());
  } else if (command != words.end()) {
    words = with_selectors_last(*named.at(*command), words);
  }

  try {
    std::ranges::reverse(words);  // CLI11 expects them in this order
    app.parse(words);
  } catch (const CLI::Success& asked) {
    // There is no help for an unknown command.
    const Words extras = unused(app);
    if (&chosen(app) == &app && !extras.empty() && !extras.front().starts_with('-')) throw unexpected(app, extras);
    app.exit(asked, std::cout, std::cout);
    line.action = [](Context&) { return ExitCode::success; };
    return line;
  } catch (const CLI::ParseError& error) {
    throw not_understood(chosen(app), error);
  }
  const CLI::App& subcommand = chosen(app);
  if (const Words extras = unused(app); !extras.empty()) throw unexpected(subcommand, extras);
  if (&subcommand == &app) {
    std::cerr << app.help();
    throw Error{ExitCode::usage, "no command was given", "for example: slipway upgrade"};
  }
  line.action = actions.at(subcommand.get_name());
  line.flags = settings.given();
  return line;
}

}  // namespace slipway
