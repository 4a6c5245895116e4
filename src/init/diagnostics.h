#pragma once

#include <string_view>

// The messages of slipway-init, one per line, on stderr. A write never blocks. stderr may be a pipe that no process
// reads, or a terminal held by Ctrl-S. A line that does not fit is dropped, because an init that waits for its log does
// not forward signals.
//
// O_NONBLOCK can't be set: it belongs to the open file description, which the application shares.

namespace slipway {

class Diagnostics {
 public:
  // -v adds the forwarded signals and the reaped processes; a second -v adds every decision.
  enum class Level { warning, info, debug };

  explicit Diagnostics(Level level) : level_{level} {}

  bool enabled(Level level) const noexcept { return level <= level_; }

  // Writes "slipway-init: TEXT\n", cut to 2 KiB. If stderr is a pipe, the line is written completely or not at all.
  void warn(std::string_view text) const noexcept { write(Level::warning, text); }
  void inform(std::string_view text) const noexcept { write(Level::info, text); }
  void debug(std::string_view text) const noexcept { write(Level::debug, text); }

 private:
  void write(Level level, std::string_view text) const noexcept;

  Level level_;
};

// Writes as much to the descriptor as it accepts without blocking, at most PIPE_BUF bytes. If SIGPIPE is blocked, a
// closed pipe leaves no pending SIGPIPE behind.
void write_without_waiting(int descriptor, std::string_view text) noexcept;

}  // namespace slipway
