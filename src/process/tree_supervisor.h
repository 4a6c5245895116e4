#pragma once

#include <chrono>
#include <span>

#include <signal.h>

// The supervisor of a process tree: see process/process_tree.h. It is forked from a program that may have threads, so
// it makes only async-signal-safe calls.

namespace slipway {

// A message from the supervisor to slipway on the line.
struct TreeReport {
  enum class What : int {
    started,         // value: the command's process id
    not_executable,  // value: errno
    command_ended,   // value: its status from waitpid(2)
    left_behind,
    killed,
  };
  What what;
  int value;
};

// Created before the fork. A message from slipway to the supervisor on the line is a signal number (an int).
struct TreeSupervision {
  const char* program;
  char* const* arguments;
  char* const* environment;
  sigset_t mask;
  int output;
  std::span<const int> held;
  std::chrono::milliseconds patience;
  int line;
};

// Runs the supervisor in a process that was just forked.
[[noreturn]] void supervise_tree(const TreeSupervision& supervision) noexcept;

}  // namespace slipway
