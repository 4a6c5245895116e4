#pragma once

#include <chrono>
#include <span>

#include <signal.h>

// The supervisor of a process tree: see process/process_tree.h. It is forked from a program that may have threads, and
// makes only async-signal-safe calls.

namespace slipway {

// Its words to slipway, each a message on the line.
struct TreeReport {
  enum class What : int {
    started,         // value: the command's process id
    not_executable,  // value: errno
    command_ended,   // value: its status, as waitpid(2) has it
    left_behind,
    killed,
  };
  What what;
  int value;
};

// Made before the fork. A message from slipway on the line is the number of a signal (an int).
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

// The whole life of the supervisor, in a process that was just forked.
[[noreturn]] void supervise_tree(const TreeSupervision& supervision) noexcept;

}  // namespace slipway
