#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "error/exit_code.h"

// The only error type of the program: a sentence on what happened, a hint on what to do, and the exit code. It is
// caught once, in main.
//
// The message names things (a file and its line, a setting, a host), but never a secret.

namespace slipway {

class Error : public std::runtime_error {
 public:
  Error(ExitCode exit_code, const std::string& message, std::string hint = {})
      : std::runtime_error{message}, exit_code_{exit_code}, hint_{std::move(hint)} {}

  ExitCode exit_code() const noexcept { return exit_code_; }

  // What happened: one or more lines, without a final full stop.
  std::string message() const { return what(); }

  // What to do now; may be empty.
  const std::string& hint() const noexcept { return hint_; }

 private:
  ExitCode exit_code_;
  std::string hint_;
};

}  // namespace slipway
