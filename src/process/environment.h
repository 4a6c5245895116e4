#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// An environment as a value: the one that slipway was started with, that its settings are read from, and that the
// application gets. Nothing here changes the environment of this process (setenv is unsafe if there are threads,
// environ(7)).
//
// The order is kept, and so are strings that are not "NAME=VALUE", so that an unchanged environment is passed on byte
// for byte. If a name appears twice, the first one counts, as in getenv(3).

namespace slipway {

class Environment {
 public:
  Environment() = default;

  // `strings` are in the form of environ(7), "NAME=VALUE".
  explicit Environment(std::vector<std::string> strings) : strings_{std::move(strings)} {}

  // A copy of this process's environment. Safe as long as no thread calls setenv or putenv.
  static Environment current();

  // The value, empty if the variable is set and empty. Valid until the next change.
  std::optional<std::string_view> get(std::string_view name) const;

  // Replaces every variable of that name, or adds one at the end. `name` must not be empty or contain '='.
  void set(std::string_view name, std::string_view value);

  // Removes every variable of that name; nothing happens if there is none.
  void remove(std::string_view name);

  // Each name once, in order. Valid until the next change.
  std::vector<std::string_view> names() const;

  // For execve(2).
  const std::vector<std::string>& strings() const noexcept { return strings_; }

  friend bool operator==(const Environment&, const Environment&) = default;

 private:
  std::vector<std::string> strings_;
};

// The value of a variable of this process; empty if it is not set.
std::string environment_variable(const char* name);

}  // namespace slipway
