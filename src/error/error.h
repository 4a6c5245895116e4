#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "error/exit_code.h"

// The one error of the program: a sentence on what happened, a hint on what to do now, and the exit code that it
// ends the program with. Thrown where it is known, caught once, in main.
//
// The message names things (a file and its line, a setting, a host), never a secret.

namespace slipway {

class Error : public std::runtime_error {
 public:
  Error(ExitCode exit_code, const std::string& message, std::string hint = {})
      : std::runtime_error{message}, exit_code_{exit_code}, hint_{std::move(hint)} {}

  ExitCode exit_code() const noexcept { return exit_code_; }

  // What happened; one or several lines, without a full stop's worth of ceremony.
  std::string message() const { return what(); }

  // What to do now; empty if nothing can be said.
  const std::string& hint() const noexcept { return hint_; }

 private:
  ExitCode exit_code_;
  std::string hint_;
};

}  // namespace slipway
