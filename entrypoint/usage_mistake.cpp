#include "usage_mistake.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/nearest.h"
#include "command.h"
#include "settings/mask.h"

namespace slipway {
namespace {

using Words = std::vector<std::string>;

struct OtherWord {
  std::string_view word;
  std::string_view ours;
};

// Command names of Rails, dbmate, Flyway, golang-migrate and Django, with slipway's names for them.
constexpr std::array other_words{
    OtherWord{"migrate", "upgrade"},       OtherWord{"rollback", "downgrade"}, OtherWord{"undo", "downgrade"},
    OtherWord{"status", "history -i"},     OtherWord{"info", "history -i"},    OtherWord{"new", "create"},
    OtherWord{"makemigrations", "create"}, OtherWord{"baseline", "stamp"},     OtherWord{"force", "stamp"},
    OtherWord{"validate", "check"},        OtherWord{"repair", "accept"},
};

bool is_slipway(const CLI::App& command) {
  return command.get_parent() == nullptr;
}

std::string help_of(const CLI::App& command) {
  return is_slipway(command) ? "`slipway --help` lists the commands and the settings"
                             : "`slipway " + command.get_name() + " --help` lists its options";
}

std::string with_question(const std::string& question, const std::string& help) {
  return question.empty() ? help : question + " " + help;
}

// Each name once, because every command defines --help.
Words option_names(const CLI::App& command) {
  std::set<std::string> names;
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames())
        names.insert("--" + name);
  return {names.begin(), names.end()};
}

std::string meant_command(const std::string& word) {
  if (const auto* const other = std::ranges::find(other_words, word, &OtherWord::word); other != other_words.end())
    return "did you mean " + std::string{other->ours} + "?";
  Words names{"help"};
  for (const Command* const each : commands()) {
    const Command& known = *each;
    names.emplace_back(known.name);
    if (!known.alias.empty()) names.emplace_back(known.alias);
  }
  return did_you_mean(word, names);
}

// How to quote a message, or how to give a range. Alembic, too, requires the option for a range.
std::string how_to_write(const CLI::App& command, const Words& words) {
  if (command.get_name() == "history") return "give a range with -r: slipway history -r " + words.front();
  if (command.get_name() != "create") return {};
  Words message = command.get_option("MESSAGE")->results();
  message.insert(message.end(), words.begin(), words.end());
  const std::string text = CLI::detail::join(message, " ");
  if (text.find('\'') != std::string::npos) return "quote the message";
  return "quote the message: slipway create '" + text + "'";
}

// The example in the help of the command, such as "slipway show head"; empty if there is none.
std::string example_of(const CLI::App& command) {
  constexpr std::string_view begin = "Example: ";
  const std::string text = command.get_footer();
  const std::size_t at = text.find(begin);
  if (at == std::string::npos) return {};
  const std::size_t start = at + begin.size();
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace

Error unexpected(const CLI::App& command, const Words& words) {
  const std::string& word = words.front();
  if (word.starts_with('-')) {
    const std::string name = word.substr(0, word.find('='));
    return {ExitCode::usage, "unknown option " + name,
            with_question(did_you_mean(name, option_names(command)), help_of(command))};
  }
  if (is_slipway(command))
    return {ExitCode::usage, "unknown command '" + word + "'", with_question(meant_command(word), help_of(command))};
  const std::string way = mask_passwords(how_to_write(command, words));
  return {ExitCode::usage, "unexpected argument '" + word + "'", way.empty() ? help_of(command) : way};
}

Error not_understood(const CLI::App& command, const CLI::ParseError& error) {
  const bool is_missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  const std::string example = is_missing ? example_of(command) : "";
  return {ExitCode::usage, error.what(), example.empty() ? help_of(command) : "for example: " + example};
}

}  // namespace slipway
