#pragma once

#include <chrono>
#include <optional>

#include <sys/types.h>

#include "init/diagnostics.h"
#include "init/options.h"
#include "init/terminal.h"

// The main loop of slipway-init: it waits for a signal, forwards it or reaps a child, and ends when the application has
// ended. It uses no thread and no descriptor, and allocates memory only for messages.

namespace slipway {

class Supervisor {
 public:
  // Whether orphans come to this process: as PID 1 or as a child subreaper, or not at all.
  enum class Adopts { everything, descendants, nothing };

  // `application` leads its process group. All signals are blocked, and were so before it was started. The options
  // and diagnostics must outlive this object.
  Supervisor(pid_t application, Adopts adopts, std::optional<Terminal> terminal, const InitOptions& options,
             const Diagnostics& diagnostics)
      : application_{application}, adopts_{adopts}, terminal_{terminal}, options_{options}, diagnostics_{diagnostics} {}

  // Runs until the application and the processes that it left behind have ended. Returns the exit code: the
  // application's, or 128+N if signal N ended it, remapped as the options say.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  void reap();
  void reap_together();
  void application_ended(int status);
  void application_stopped(int signal);
  void end_what_is_left();
  bool finished() const noexcept;

  void forward(const siginfo_t& received);
  int rewritten(int signal) const;
  void resume_in_terminal();
  void send(int signal, const siginfo_t& received);
  void send_to_group(int signal) const noexcept;
  void send_to_rest(int signal) const;

  std::optional<Clock::duration> time_left() const;
  void keep_deadlines();
  int exit_code() const;

  pid_t application_;
  Adopts adopts_;
  std::optional<Terminal> terminal_;
  const InitOptions& options_;
  const Diagnostics& diagnostics_;

  std::optional<int> status_;  // of the application, once it has ended
  bool has_no_children_ = false;
  bool suspended_ = false;  // stopped by its terminal
  bool stop_was_forwarded_ = false;
  bool lingering_ = false;  // waiting for the remaining processes
  bool killed_ = false;     // SIGKILL was sent to the remaining processes
  std::optional<Clock::time_point> stop_deadline_;
  std::optional<Clock::time_point> linger_deadline_;
};

}  // namespace slipway
