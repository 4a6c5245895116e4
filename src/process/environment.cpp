#include "process/environment.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

namespace slipway {
namespace {

// Empty if the string is not a variable: glibc's environ may contain any string, and "=x" has no name either.
std::string_view name_of(std::string_view string) {
  const auto equals = string.find('=');
  return equals == std::string_view::npos ? std::string_view{} : string.substr(0, equals);
}

}  // namespace

Environment Environment::current() {
  Environment result;
  for (char** string = environ; string != nullptr && *string != nullptr; ++string)
    result.strings_.emplace_back(*string);
  return result;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  if (name.empty()) return std::nullopt;
  const auto found = std::ranges::find(strings_, name, name_of);
  if (found == strings_.end()) return std::nullopt;
  return std::string_view{*found}.substr(name.size() + 1);
}

void Environment::set(std::string_view name, std::string_view value) {
  std::string string{name};
  string.append("=").append(value);
  const auto found = std::ranges::find(strings_, name, name_of);
  if (found == strings_.end()) {
    strings_.push_back(std::move(string));
    return;
  }
  *found = std::move(string);
  strings_.erase(std::remove_if(found + 1, strings_.end(), [name](const std::string& s) { return name_of(s) == name; }),
                 strings_.end());
}

void Environment::remove(std::string_view name) {
  if (!name.empty()) std::erase_if(strings_, [name](const std::string& s) { return name_of(s) == name; });
}

std::vector<std::string_view> Environment::names() const {
  std::vector<std::string_view> result;
  for (const std::string& string : strings_) {
    const std::string_view name = name_of(string);
    if (!name.empty() && std::ranges::find(result, name) == result.end()) result.push_back(name);
  }
  return result;
}

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace slipway
