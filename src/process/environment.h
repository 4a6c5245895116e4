#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// An environment as a value: what slipway was started with, what its settings read, and what the application
// gets. Nothing here touches the process's own environment (setenv is unsafe beside threads, environ(7)).
//
// Order, and strings that are no "NAME=VALUE", are kept, so that an environment handed on untouched is the
// same byte for byte. Where a name stands twice the first counts, as in getenv(3).

namespace slipway {

class Environment {
 public:
  Environment() = default;

  // From strings in the form of environ(7), "NAME=VALUE".
  explicit Environment(std::vector<std::string> strings) : strings_{std::move(strings)} {}

  // A copy of the process's own. Safe as long as no thread calls setenv or putenv.
  static Environment current();

  // The value, empty if the variable is set and empty. Valid until the next change.
  std::optional<std::string_view> get(std::string_view name) const;

  // Replaces the variable (every one of that name), or adds it at the end. A name is not empty and holds no
  // '='.
  void set(std::string_view name, std::string_view value);

  // Removes every variable of that name; nothing happens if there is none.
  void remove(std::string_view name);

  // Each name once, in order; valid until the next change.
  std::vector<std::string_view> names() const;

  // For execve(2).
  const std::vector<std::string>& strings() const noexcept { return strings_; }

  friend bool operator==(const Environment&, const Environment&) = default;

 private:
  std::vector<std::string> strings_;
};

// The process's own variable; empty if it is not set.
std::string environment_variable(const char* name);

}  // namespace slipway
