#include "reference.h"

#include <CLI/App.hpp>

#include "command.h"
#include "init/options.h"
#include "settings/options.h"

namespace slipway {
namespace {

std::vector<std::string> flags_of(const CLI::Option& option) {
  std::vector<std::string> flags;
  for (const std::string& letter : option.get_snames())
    flags.push_back("-" + letter);
  for (const std::string& name : option.get_lnames())
    flags.push_back("--" + name);
  return flags;
}

// The words that the flag accepts; if `flag` is empty, those that the argument accepts.
std::vector<std::string> words_for(const Command& command, const std::string& flag) {
  if (command.choices == nullptr) return {};
  const Choices choices = command.choices();
  if (choices.flag != flag) return {};
  return {choices.words.begin(), choices.words.end()};
}

ReferenceCommand command_of(const Command& command, const CLI::App& app) {
  ReferenceCommand result{.name = std::string{command.name},
                          .alias = std::string{command.alias},
                          .summary = std::string{command.summary},
                          .details = std::string{command.details},
                          .arguments = {},
                          .choices = words_for(command, {}),
                          .options = {}};
  for (const CLI::Option* option : app.get_options({})) {
    if (option->get_positional()) {
      const std::string more = option->get_items_expected_max() > 1 ? "..." : "";
      result.arguments.push_back(option->get_required() ? option->get_name() + more
                                                        : "[" + option->get_name() + more + "]");
    } else {
      const bool takes_value = option->get_items_expected_max() > 0;
      result.options.push_back({.flags = flags_of(*option),
                                .value = takes_value ? option->get_type_name() : "",
                                .description = option->get_description(),
                                .choices = words_for(command, option->get_name()),
                                .group = option->get_group()});
    }
  }
  if (result.name == "run") result.arguments.emplace_back("[--] APPLICATION [ARGUMENTS]");
  return result;
}

ReferenceOption::Files files_of(const Option& option) {
  if (option.kind == OptionKind::path) return ReferenceOption::Files::files;
  if (option.kind == OptionKind::paths) return ReferenceOption::Files::folders;
  return ReferenceOption::Files::none;
}

std::vector<ReferenceOption> settings() {
  std::vector<ReferenceOption> result;
  for (const Option& option : options()) {
    ReferenceOption setting{.flags = {"--" + std::string{option.key}},
                            .value = std::string{option.value_name},
                            .value_is_optional = option.bare_flag.has_value(),
                            .description = std::string{option.description},
                            .choices = choice_words(option),
                            .variables = {},
                            .default_text = std::string{default_text(option)},
                            .group = std::string{option.group},
                            .files = files_of(option)};
    for (const std::string_view variable : {option.variable, option.file_variable})
      if (!variable.empty()) setting.variables.emplace_back(variable);
    result.push_back(std::move(setting));
  }
  return result;
}

}  // namespace

// The command line that is being executed defines only the options of its own command, so all are defined again here.
Reference reference() {
  Reference result{.commands = {}, .settings = settings()};
  for (const Command* const each : commands()) {
    const Command& command = *each;
    CLI::App app{std::string{command.summary}, std::string{command.name}};
    const Action action = command.define(app);  // owns the variables that the options write to
    result.commands.push_back(command_of(command, app));
  }
  return result;
}

std::vector<ReferenceOption> init_reference() {
  std::vector<ReferenceOption> result;
  for (const InitOption& option : init_option_table()) {
    ReferenceOption described{
        .flags = {}, .value = std::string{option.value}, .description = std::string{option.description}};
    if (option.letter != '\0') described.flags.push_back(std::string{'-', option.letter});
    described.flags.push_back("--" + std::string{option.name});
    if (!option.environment.empty()) described.variables.emplace_back(option.environment);
    result.push_back(std::move(described));
  }
  return result;
}

}  // namespace slipway
