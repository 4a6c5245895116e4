#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "error/exit_code.h"

// The error that ends the program: a message that says what happened, a hint that says what to do, and the exit code.
// It is thrown where the problem is found, and caught once, in main.
//
// The message names things (a file and its line, a setting, a host), but never a secret.

namespace slipway {

class Error : public std::runtime_error {
 public:
  Error(ExitCode exit_code, const std::string& message, std::string hint = {})
      : std::runtime_error{message}, exit_code_{exit_code}, hint_{std::move(hint)} {}

  ExitCode exit_code() const noexcept { return exit_code_; }

  // What happened: one or more lines, without a full stop at the end.
  std::string message() const { return what(); }

  // What to do; empty if there is no advice.
  const std::string& hint() const noexcept { return hint_; }

 private:
  ExitCode exit_code_;
  std::string hint_;
};

}  // namespace slipway
