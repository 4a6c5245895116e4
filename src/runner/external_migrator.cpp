#include "runner/external_migrator.h"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/process.hpp>
#include <boost/process/extend.hpp>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error/error.h"
#include "lock/transaction_lock.h"
#include "log/log.h"

namespace slipway {
namespace {

namespace process = boost::process;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto patience_after_signal = 10s;
constexpr auto poll_interval = 100ms;
constexpr std::size_t longest_line = 8192;

// Its first word alone that sets no variable: arguments and variables may hold a password.
std::string program_name(const std::string& command) {
  static const std::regex variable{R"(^\s*[A-Za-z_][A-Za-z_0-9]*=('[^']*'|"(\\.|[^"\\])*"|\\.|[^\s'"\\])*(\s+|$))"};
  std::string rest = command;
  for (std::smatch found; std::regex_search(rest, found, variable);)
    rest = std::string{found.suffix()};
  const std::size_t begin = std::min(rest.find_first_not_of(" \t\n"), rest.size());
  return rest.substr(begin, rest.find_first_of(" \t\n", begin) - begin);
}

// What execve(2) takes. Boost.Process 1.74's own environment reads past the end of variables that are shorter than the
// one it looks for.
class Variables {
 public:
  explicit Variables(std::vector<std::string> strings) : strings_{std::move(strings)} {
    for (std::string& variable : strings_)
      pointers_.push_back(variable.data());
    pointers_.push_back(nullptr);
  }
  char** data() noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> strings_;
  std::vector<char*> pointers_;
};

// Its lines, to the log as they come. One that does not end is cut.
class OutputLines {
 public:
  void add(std::string_view text) {
    rest_ += text;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      say(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
    if (rest_.size() > longest_line) end();
  }

  void end() {
    if (!rest_.empty()) say(rest_);
    rest_.clear();
  }

 private:
  static void say(const std::string& line) { log::info("migrator.output", "migrator: " + line); }

  std::string rest_;
};

class Migrator {
 public:
  Migrator(const ExternalMigrator& migrator, const sigset_t& mask) {
    ::fcntl(output_.native_source(), F_SETFD, FD_CLOEXEC);
    ::fcntl(output_.native_source(), F_SETFL, O_NONBLOCK);
    Variables variables{migrator.environment.strings()};
    child_ = process::child{process::exe = "/bin/sh", process::args({std::string{"-c"}, migrator.command}),
                            process::extend::on_setup([&](auto& child) { child.env = variables.data(); }),
                            process::std_in<process::null, (process::std_out & process::std_err)> output_,
                            // In the child, before the exec: a group of its own to be signalled, an end with slipway,
                            // whose lock is gone then, and the signals as slipway was given them. All calls are
                            // async-signal-safe.
                            process::extend::on_exec_setup([&mask, parent = ::getpid()](auto&) {
                              ::prctl(PR_SET_PDEATHSIG, SIGTERM);
                              if (::getppid() != parent) ::_exit(127);
                              ::setpgid(0, 0);
                              ::sigprocmask(SIG_SETMASK, &mask, nullptr);
                            })};
    ::close(output_.native_sink());
    output_.assign_sink(-1);
  }

  // To be polled; -1, which poll(2) leaves out, once nobody writes any more.
  int descriptor() const { return is_silent_ ? -1 : output_.native_source(); }
  void signal(int number) const { ::kill(-child_.id(), number); }
  bool has_ended() { return !child_.running(); }

  // What has come so far, to the log; no more than the pipe holds, so that one who writes without a pause keeps nobody
  // from looking at signals.
  void read() {
    std::array<char, 4096> buffer{};
    for (ssize_t left = ::fcntl(output_.native_source(), F_GETPIPE_SZ); left > 0;) {
      const ssize_t size = ::read(output_.native_source(), buffer.data(), buffer.size());
      if (size == 0) is_silent_ = true;
      if (size <= 0) return;
      lines_.add({buffer.data(), static_cast<std::size_t>(size)});
      left -= size;
    }
  }

  // Reaps; the exit code, or 128+N.
  int exit_code() {
    child_.wait();
    read();
    lines_.end();
    const int status = child_.native_exit_code();
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  process::pipe output_;
  process::child child_;
  bool is_silent_ = false;
  OutputLines lines_;
};

// Gives the signal to the migrator, and time to end by it.
void stop(Migrator& migrator, int signal) {
  log::info("migrator.stopping", std::string{"stopping the migrator by SIG"} + ::sigabbrev_np(signal));
  migrator.signal(signal);
  const auto deadline = Clock::now() + patience_after_signal;
  while (!migrator.has_ended() && Clock::now() < deadline) {
    pollfd output{.fd = migrator.descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&output, 1, 10);
    migrator.read();
  }
  if (!migrator.has_ended()) migrator.signal(SIGKILL);
  migrator.exit_code();
}

}  // namespace

void run_external_migrator(Session& session, const ExternalMigrator& external, const ExternalRun& run) {
  take_lock_for_transaction(session, run.ledger.lock_key(run.ledger.read(session)),
                            {.lock_wait = run.lock_wait, .signals = run.signals, .progress = run.progress});
  const std::string name = program_name(external.command);
  run.progress.enter(Phase::migrating);
  log::info("migrator.started", "running the migrator " + name);
  const auto start = Clock::now();
  const auto elapsed = [start] { return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start); };
  Migrator migrator{external, run.signals.inherited_mask()};
  while (!migrator.has_ended()) {
    std::array<pollfd, 2> descriptors{pollfd{.fd = migrator.descriptor(), .events = POLLIN, .revents = 0},
                                      pollfd{.fd = run.signals.descriptor(), .events = POLLIN, .revents = 0}};
    ::poll(descriptors.data(), descriptors.size(), static_cast<int>(std::chrono::milliseconds{poll_interval}.count()));
    migrator.read();
    if (const auto signal = run.signals.received()) stop(migrator, *signal);
    run.signals.check();
    if (session.is_lost()) {
      stop(migrator, SIGTERM);
      throw Error{ExitCode::unavailable,
                  "the connection that held the lock was lost, so the migrator " + name + " was stopped",
                  "start again; look into the server's log for why"};
    }
    run.progress.during("running the migrator", elapsed());
  }
  run.progress.over();
  const int code = migrator.exit_code();
  if (code != 0)
    throw Error{ExitCode::migration_failed, "the migrator " + name + " failed with exit code " + std::to_string(code),
                "its own words are in the log above"};
  log::info("migrator.done", "the migrator is done (" + std::to_string(elapsed().count()) + " ms)",
            {{"duration_ms", std::int64_t{elapsed().count()}}});
  session.run("COMMIT");  // it did nothing but hold the lock, which is free now in any case
}

}  // namespace slipway
