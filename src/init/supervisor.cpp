#include "init/supervisor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error/exit_code.h"
#include "process/descendants.h"
#include "process/signal_name.h"

namespace slipway {
namespace {

using Level = Diagnostics::Level;

constexpr std::chrono::seconds time_to_die{1};  // how long the kernel may take to end a process after SIGKILL

bool is_job_control(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status))
    return "was ended by " + signal_name(WTERMSIG(status)) + (WCOREDUMP(status) ? " (core dumped)" : "");
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

// Stops this process and the rest of its job as its terminal would, with the signal's default action. The kernel
// ignores it for PID 1 and for an orphaned process group. Returns when the process continues; SIGCONT is pending then.
void stop_with(int signal) {
  struct sigaction standard {};
  struct sigaction inherited {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, &inherited);
  const bool has_job = ::getpid() != 1 && ::getpgrp() != 0;
  const SignalSet all = set_signal_mask(SignalSet{~SignalSet::of(signal).bits()});
  ::kill(has_job ? 0 : ::getpid(), signal);
  set_signal_mask(all);
  ::sigaction(signal, &inherited, nullptr);
}

}  // namespace

int Supervisor::run() {
  reap();
  while (!finished()) {
    if (const auto signal = take_signal(SignalSet::all(), time_left())) {
      if (signal->si_signo == SIGCHLD)
        reap_together();
      else
        forward(*signal);
    }
    keep_deadlines();
  }
  return exit_code();
}

bool Supervisor::finished() const noexcept {
  return status_ && (has_no_children_ || !lingering_);
}

void Supervisor::reap() {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, WNOHANG | (terminal_ ? WUNTRACED : 0));
    if (ended <= 0) {
      has_no_children_ = ended < 0 && errno == ECHILD;
      break;
    }
    if (WIFSTOPPED(status)) {
      if (ended == application_ && !status_) application_stopped(WSTOPSIG(status));
    } else if (ended == application_ && !status_) {
      application_ended(status);
    } else if (options_.warn_on_reap) {
      diagnostics_.warn("reaped orphan " + std::to_string(ended) + ", which " + how_it_ended(status));
    } else if (diagnostics_.enabled(Level::info)) {
      diagnostics_.inform("reaped orphan " + std::to_string(ended) + ", which " + how_it_ended(status));
    }
  }
  if (!status_) return;
  if (terminal_) terminal_->take_back_from(application_);
  if (has_no_children_) return;
  if (!lingering_) end_what_is_left();
  if (killed_) send_to_rest(SIGKILL);  // to processes that were forked in the meantime
}

// To find ended children, the kernel walks through all of them, which takes long if there are thousands, and is
// repeated for each one that ends. So after a long walk, ended children accumulate for ten times as long before the
// next walk. Signals are forwarded in the meantime.
void Supervisor::reap_together() {
  constexpr Clock::duration long_walk = std::chrono::microseconds{100};
  constexpr Clock::duration longest_rest = std::chrono::milliseconds{5};
  const auto begin = Clock::now();
  reap();
  const auto end = Clock::now();
  if (end - begin < long_walk) return;
  const auto rest_end = end + std::min(10 * (end - begin), longest_rest);
  for (auto now = end; now < rest_end && !finished(); now = Clock::now())
    if (const auto signal = take_signal(SignalSet{~SignalSet::of(SIGCHLD).bits()}, rest_end - now)) forward(*signal);
}

void Supervisor::application_ended(int status) {
  status_ = status;
  if (diagnostics_.enabled(Level::info))
    diagnostics_.inform("the application " + std::to_string(application_) + " " + how_it_ended(status));
  // The id can't belong to another process yet, because ids are assigned in turn and this one has only just become
  // free.
  if (!options_.session) return;
  send_to_group(SIGTERM);
  send_to_group(SIGCONT);  // stopped processes continue and find SIGTERM pending
}

// The application was stopped by Ctrl-Z, or because it used the terminal in the background. Only its parent sees that.
// So the parent stops too, and the shell above sees a stopped job.
void Supervisor::application_stopped(int signal) {
  if (stop_was_forwarded_ || (signal != SIGSTOP && !is_job_control(signal))) return;
  // `fg` gives the terminal to this process's group, but does not notify a job that is running.
  if ((signal == SIGTTIN || signal == SIGTTOU) && terminal_->is_ours()) {
    terminal_->give_to(application_);
    send_to_group(SIGCONT);
    return;
  }
  suspended_ = true;
  if (diagnostics_.enabled(Level::debug))
    diagnostics_.debug("the application was stopped by " + signal_name(signal) + ": stopping with it");
  stop_with(signal);
  if (pending_signals().has(SIGCONT) || signal == SIGSTOP) return;
  // There is no shell to continue it. Without an init, it would not have stopped either.
  diagnostics_.debug("no shell can continue the application: continuing it");
  suspended_ = false;
  send_to_group(SIGCONT);
}

void Supervisor::end_what_is_left() {
  if (adopts_ == Adopts::nothing || options_.linger.count() == 0) return;
  diagnostics_.inform("processes remain: sending them SIGTERM");
  lingering_ = true;
  linger_deadline_ = Clock::now() + options_.linger;
  send_to_rest(SIGTERM);
  send_to_rest(SIGCONT);  // a stopped process receives SIGTERM only then
}

int Supervisor::rewritten(int signal) const {
  const auto rewrite = options_.rewrites.find(signal);
  // The process group of a session leader is orphaned, and would ignore the job-control signals (setpgid(2)).
  if (rewrite == options_.rewrites.end() && options_.session && is_job_control(signal)) return SIGSTOP;
  const int wanted = rewrite == options_.rewrites.end() ? signal : rewrite->second;
  return wanted == SIGTERM ? options_.stop_signal : wanted;
}

void Supervisor::forward(const siginfo_t& received) {
  const int signal = rewritten(received.si_signo);
  if (signal == 0) {
    if (diagnostics_.enabled(Level::info)) diagnostics_.inform("dropped " + signal_name(received.si_signo));
    return;
  }
  if (received.si_signo == SIGCONT) resume_in_terminal();
  send(signal, received);
  if (received.si_signo == SIGTERM || signal == options_.stop_signal) {
    if (options_.stop_timeout.count() > 0 && !stop_deadline_) stop_deadline_ = Clock::now() + options_.stop_timeout;
  }
  if (is_job_control(received.si_signo)) {
    stop_was_forwarded_ = is_job_control(signal) || signal == SIGSTOP;
    diagnostics_.debug("stopping until SIGCONT");
    ::kill(::getpid(), SIGSTOP);  // nothing happens if this is PID 1 (pid_namespaces(7))
  }
}

void Supervisor::resume_in_terminal() {
  stop_was_forwarded_ = false;
  if (terminal_ && terminal_->is_ours() && !status_) terminal_->give_to(application_);
}

void Supervisor::send(int signal, const siginfo_t& received) {
  int result = 0;
  std::string_view whom = "the application";
  if (status_) {
    whom = "the remaining processes";
    send_to_rest(signal);
  } else if (options_.group || options_.session || (suspended_ && signal == SIGCONT)) {
    whom = "the application's group";
    result = ::kill(-application_, signal);
  } else if (received.si_code == SI_QUEUE && received.si_signo == signal) {
    result = ::sigqueue(application_, signal, received.si_value);
    if (result != 0) result = ::kill(application_, signal);
  } else {
    result = ::kill(application_, signal);
  }
  const int reason = errno;
  if (signal == SIGCONT) suspended_ = false;
  if (!diagnostics_.enabled(Level::info)) return;
  std::string text = "forwarded " + signal_name(received.si_signo);
  if (signal != received.si_signo) text += " as " + signal_name(signal);
  text.append(" to ").append(whom);
  if (result != 0) text.append(": ").append(std::strerror(reason));
  diagnostics_.inform(text);
}

void Supervisor::send_to_group(int signal) const noexcept {
  ::kill(-application_, signal);
}

void Supervisor::send_to_rest(int signal) const {
  switch (adopts_) {
    case Adopts::everything:
      ::kill(-1, signal);
      break;
    case Adopts::descendants:
      signal_descendants(signal);
      break;
    case Adopts::nothing:
      break;
  }
}

std::optional<Supervisor::Clock::duration> Supervisor::time_left() const {
  if (!stop_deadline_ && !linger_deadline_) return std::nullopt;
  constexpr auto never = Clock::time_point::max();
  return std::min(stop_deadline_.value_or(never), linger_deadline_.value_or(never)) - Clock::now();
}

void Supervisor::keep_deadlines() {
  if (!stop_deadline_ && !linger_deadline_) return;
  const auto now = Clock::now();
  if (stop_deadline_ && now >= *stop_deadline_) {
    stop_deadline_.reset();
    killed_ = true;
    if (!status_) {
      send_to_group(SIGKILL);
      ::kill(application_, SIGKILL);
    }
    send_to_rest(SIGKILL);
    if (linger_deadline_) linger_deadline_ = now + time_to_die;
    diagnostics_.warn("the stop timeout has passed: sent SIGKILL");
  }
  if (linger_deadline_ && now >= *linger_deadline_) {
    if (killed_) {
      lingering_ = false;
      return;
    }
    killed_ = true;
    diagnostics_.inform("processes remain after lingering: sending them SIGKILL");
    send_to_rest(SIGKILL);
    linger_deadline_ = now + time_to_die;
  }
}

int Supervisor::exit_code() const {
  const int code = WIFSIGNALED(*status_) ? static_cast<int>(killed_by(WTERMSIG(*status_))) : WEXITSTATUS(*status_);
  const auto remapped = options_.exit_codes.find(code);
  return remapped == options_.exit_codes.end() ? code : remapped->second;
}

}  // namespace slipway
