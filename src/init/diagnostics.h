#pragma once

#include <string_view>

// What slipway-init says, a line at a time, on stderr: never on stdout, and never waiting. stderr may be a pipe that
// nobody reads or a terminal held by Ctrl-S; a line that does not fit now is dropped, because an init that waits for
// its log forwards no signals.
//
// O_NONBLOCK is no way: it belongs to the open file description, which the application shares.

namespace slipway {

class Diagnostics {
 public:
  // What -v, given once or several times, adds: the signals forwarded and processes reaped, then every decision.
  enum class Level { warning, info, debug };

  explicit Diagnostics(Level level) : level_{level} {}

  bool enabled(Level level) const noexcept { return level <= level_; }

  // Writes "slipway-init: TEXT\n", cut at 2 KiB, whole or not at all where stderr is a pipe.
  void warn(std::string_view text) const noexcept { write(Level::warning, text); }
  void inform(std::string_view text) const noexcept { write(Level::info, text); }
  void debug(std::string_view text) const noexcept { write(Level::debug, text); }

 private:
  void write(Level level, std::string_view text) const noexcept;

  Level level_;
};

// Writes to the descriptor what it takes without waiting, at most PIPE_BUF bytes. A reader that is gone raises no
// SIGPIPE here where SIGPIPE is blocked: it is taken back.
void write_without_waiting(int descriptor, std::string_view text) noexcept;

}  // namespace slipway
