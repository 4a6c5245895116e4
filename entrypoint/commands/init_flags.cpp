#include "commands/init_flags.h"

#include <CLI/App.hpp>

#include "init/options.h"
#include "init/user.h"

namespace slipway {
namespace {

using Kind = InitOption::Kind;

// The mask is what `slipway run` itself tells slipway-init.
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

}  // namespace

void InitFlags::add_to(CLI::App& command) {
  for (const InitOption& option : init_option_table()) {
    if (!is_offered(option)) continue;
    const std::string name{option.name};
    const std::string description{option.description};
    // What an application's user most often asks of an init, and the one that people look for under its own name.
    const std::string flags = name == "user" ? "--user,--init-user" : "--init-" + name;
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

std::vector<std::string> InitFlags::given(const Environment& environment) const {
  std::vector<std::string> options;
  for (const InitOption& option : init_option_table()) {
    const std::string flag = "--" + std::string{option.name};
    if (const auto count = counts_.find(option.name); count != counts_.end())
      options.insert(options.end(), static_cast<std::size_t>(count->second), flag);
    if (const auto values = values_.find(option.name); values != values_.end())
      for (const std::string& value : values->second)
        options.push_back(std::string{flag}.append("=").append(value));
  }
  std::vector<const char*> arguments = pointers(options);
  arguments.insert(arguments.end(), {"--", "application"});
  const InitOptions parsed = parse_init_options(arguments, pointers(environment.strings()));
  if (parsed.user) find_user(*parsed.user);
  return options;
}

std::string InitFlags::first_given(const Environment& environment) const {
  if (const auto options = given(environment); !options.empty()) return options.front();
  for (const InitOption& option : init_option_table())
    if (!option.environment.empty() && !environment.get(option.environment).value_or("").empty())
      return std::string{option.environment};
  return {};
}

}  // namespace slipway
