#include "init_flags.h"

#include <CLI/App.hpp>

#include "error/error.h"
#include "init/options.h"
#include "process/user.h"

namespace slipway {
namespace {

using Kind = InitOption::Kind;

// `slipway run` itself passes the signal mask to slipway-init.
bool is_offered(const InitOption& option) {
  return option.kind != Kind::action && option.name != "signal-mask";
}

std::vector<const char*> pointers(const std::vector<std::string>& strings) {
  std::vector<const char*> result;
  result.reserve(strings.size() + 2);
  for (const std::string& string : strings)
    result.push_back(string.c_str());
  return result;
}

// The flag of `run`. --user, the most common one, has no prefix.
std::string flag_of(const InitOption& option) {
  return (option.name == "user" ? "--" : "--init-") + std::string{option.name};
}

// slipway-init's messages name its own options, but the user typed the flags of `run`.
std::string with_flags_of_run(const std::string& message) {
  for (const InitOption& option : init_option_table())
    if (const std::string place = "--" + std::string{option.name};
        is_offered(option) && message.starts_with(place + ":"))
      return flag_of(option) + message.substr(place.size());
  return message;
}

InitOptions parsed(const std::vector<std::string>& options, const Environment& environment) {
  std::vector<const char*> arguments = pointers(options);
  arguments.insert(arguments.end(), {"--", "application"});
  try {
    return parse_init_options(arguments, pointers(environment.strings()));
  } catch (const Error& error) {
    throw Error{error.exit_code(), with_flags_of_run(error.message()), error.hint()};
  }
}

}  // namespace

void InitFlags::add_to(CLI::App& command) {
  for (const InitOption& option : init_option_table()) {
    if (!is_offered(option)) continue;
    const std::string name{option.name};
    const std::string description{option.description};
    std::string flags = flag_of(option);
    if (!flags.starts_with("--init-")) flags.append(",--init-").append(name);
    CLI::Option* added = nullptr;
    if (option.kind == Kind::flag || option.kind == Kind::count) {
      added = command.add_flag(flags, counts_[name], description)->disable_flag_override();
    } else {
      added = command.add_option(flags, values_[name], description)->type_name(std::string{option.value});
      added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
    }
    added->group("slipway-init");
  }
}

std::vector<std::string> InitFlags::options() const {
  std::vector<std::string> options;
  for (const InitOption& option : init_option_table()) {
    const std::string flag = "--" + std::string{option.name};
    if (const auto count = counts_.find(option.name); count != counts_.end())
      options.insert(options.end(), static_cast<std::size_t>(count->second), flag);
    if (const auto values = values_.find(option.name); values != values_.end())
      for (const std::string& value : values->second)
        options.push_back(std::string{flag}.append("=").append(value));
  }
  return options;
}

std::vector<std::string> InitFlags::given(const Environment& environment) const {
  std::vector<std::string> given = options();
  parsed(given, environment);
  return given;
}

ApplicationPlace InitFlags::place(const Environment& environment) const {
  const InitOptions init = parsed(options(), environment);
  return {.user = init.user ? std::optional{find_user(*init.user)} : std::nullopt,
          .working_directory = init.working_directory};
}

std::string InitFlags::first_given(const Environment& environment) const {
  for (const InitOption& option : init_option_table()) {
    const auto count = counts_.find(option.name);
    const auto values = values_.find(option.name);
    if ((count != counts_.end() && count->second > 0) || (values != values_.end() && !values->second.empty()))
      return flag_of(option);
  }
  for (const InitOption& option : init_option_table())
    if (!option.environment.empty() && !environment.get(option.environment).value_or("").empty())
      return std::string{option.environment};
  return {};
}

}  // namespace slipway
