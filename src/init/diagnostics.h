#pragma once

#include <string_view>

// The messages of slipway-init: one line each, on stderr, without ever waiting. stderr may be a pipe without a reader,
// or a terminal stopped by Ctrl-S. A line that does not fit is dropped, because an init that waits for its log forwards
// no signals.
//
// O_NONBLOCK can't be used, because it belongs to the open file description, which the application shares.

namespace slipway {

class Diagnostics {
 public:
  // The levels of -v: the first adds forwarded signals and reaped processes, the second every decision.
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

// Writes to the descriptor what it accepts without waiting, at most PIPE_BUF bytes. If the reader has gone and SIGPIPE
// is blocked, the pending SIGPIPE is removed.
void write_without_waiting(int descriptor, std::string_view text) noexcept;

}  // namespace slipway
