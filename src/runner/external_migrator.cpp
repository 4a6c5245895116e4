#include "runner/external_migrator.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <regex>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/duration.h"
#include "base/wait.h"
#include "error/error.h"
#include "lock/transaction_lock.h"
#include "log/log.h"
#include "process/process_tree.h"
#include "process/signal_name.h"

namespace slipway {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto patience_after_signal = 10s;
constexpr auto poll_interval = 100ms;
constexpr std::size_t longest_line = 8192;

// Only its first word that does not set a variable, because arguments and variables may contain a password.
std::string program_name(const std::string& command) {
  static const std::regex variable{R"(^\s*[A-Za-z_][A-Za-z_0-9]*=('[^']*'|"(\\.|[^"\\])*"|\\.|[^\s'"\\])*(\s+|$))"};
  std::string rest = command;
  for (std::smatch found; std::regex_search(rest, found, variable);)
    rest = std::string{found.suffix()};
  const std::size_t begin = std::min(rest.find_first_not_of(" \t\n"), rest.size());
  return rest.substr(begin, rest.find_first_of(" \t\n", begin) - begin);
}

// Writes its output to the log, line by line. An overlong line is split.
class Output {
 public:
  Output() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error{ExitCode::internal, std::string{"can't make a pipe: "} + std::strerror(errno)};
    source_.reset(ends[0]);
    sink_.reset(ends[1]);
    ::fcntl(source_.number(), F_SETFL, O_NONBLOCK);
  }

  // For polling; negative after all writers have closed it.
  int source() const { return source_.number(); }
  int sink() const { return sink_.number(); }
  void close_sink() { sink_.reset(); }

  // At most what the pipe holds, so that a migrator that writes without a pause does not delay the handling of signals.
  void read() {
    std::array<char, 4096> buffer{};
    for (ssize_t left = ::fcntl(source(), F_GETPIPE_SZ); left > 0;) {
      const ssize_t size = ::read(source(), buffer.data(), buffer.size());
      if (size == 0) source_.reset();
      if (size <= 0) return;
      add({buffer.data(), static_cast<std::size_t>(size)});
      left -= size;
    }
  }

  void end() {
    read();
    if (!rest_.empty()) say(rest_);
    rest_.clear();
  }

 private:
  void add(std::string_view text) {
    rest_ += text;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      say(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
    if (rest_.size() > longest_line) say(std::exchange(rest_, {}));
  }

  static void say(const std::string& line) { log::info("migrator.output", "migrator: " + line); }

  Descriptor source_;
  Descriptor sink_;
  std::string rest_;
};

// A signal that people use to end programs is passed on. Any other is an image's STOPSIGNAL, which the migrator may
// ignore.
int signal_for_migrator(int received) {
  constexpr std::array usual{SIGTERM, SIGINT, SIGQUIT, SIGHUP};
  return std::ranges::find(usual, received) != usual.end() ? received : SIGTERM;
}

// One run of the migrator, until all of its processes have ended.
class MigratorRun {
 public:
  MigratorRun(Session& session, const ExternalMigrator& migrator, const ExternalRun& run, std::string name)
      : session_{session}, run_{run}, name_{std::move(name)}, tree_{command(session, migrator, run)} {
    output_.close_sink();
  }

  // Its exit code. Throws as run_external_migrator().
  int finish() {
    while (!tree_.is_over()) {
      wait({readable(tree_.descriptor()), readable(output_.source()),
            readable(is_stopping_ ? -1 : run_.signals.descriptor())},
           Deadline::after(poll_interval));
      output_.read();
      while (const auto event = tree_.event())
        tell(*event);
      if (!is_stopping_) look_for_reasons_to_stop();
      run_.progress.during("running the migrator", since(start_));
    }
    output_.end();
    run_.progress.over();
    run_.signals.check();
    if (has_lost_lock_)
      throw Error{ExitCode::unavailable,
                  "the connection that held the lock was lost, so the migrator " + name_ + " was stopped",
                  "try again; the server's log may say why the connection was lost"};
    if (!tree_.exit_code())
      throw Error{ExitCode::migration_failed, "the migrator " + name_ + " was killed, together with its supervisor",
                  "check the memory limit, and which process sends SIGKILL"};
    return *tree_.exit_code();
  }

  std::chrono::milliseconds elapsed() const { return since(start_); }

 private:
  ProcessTree::Command command(Session& session, const ExternalMigrator& migrator, const ExternalRun& run) const {
    return {.program = "/bin/sh",
            .arguments = {"-c", migrator.command},
            .environment = migrator.environment.strings(),
            .mask = run.signals.inherited_mask(),
            .output = output_.sink(),
            .held = {session.socket()},
            .patience = patience_after_signal};
  }

  void look_for_reasons_to_stop() {
    const auto signal = run_.signals.received();
    has_lost_lock_ = !signal && session_.is_lost();
    if (signal || has_lost_lock_) stop(signal_for_migrator(signal.value_or(SIGTERM)));
  }

  void stop(int signal) {
    is_stopping_ = true;
    log::info("migrator.stopping", "stopping the migrator by " + signal_name(signal));
    tree_.stop(signal);
  }

  void tell(ProcessTree::Event event) {
    if (event == ProcessTree::Event::left_behind && !is_stopping_)
      log::warning("migrator.left_behind",
                   "the migrator " + name_ + " has ended and has left other processes behind; stopping them");
    if (event == ProcessTree::Event::killed)
      log::warning("migrator.killed", "the migrator " + name_ + " has not ended within " +
                                          to_text(patience_after_signal) + "; killing it");
  }

  Session& session_;
  const ExternalRun& run_;
  std::string name_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool is_stopping_ = false;
  bool has_lost_lock_ = false;
  Output output_;
  ProcessTree tree_;
};

}  // namespace

void run_external_migrator(Session& session, const ExternalMigrator& external, const ExternalRun& run) {
  take_lock_for_transaction(session, run.ledger.lock_key(run.ledger.read(session)),
                            {.lock_wait = run.lock_wait, .signals = run.signals, .progress = run.progress});
  const std::string name = program_name(external.command);
  run.progress.enter(Phase::migrating);
  log::info("migrator.started", "running the migrator " + name);
  MigratorRun migrator{session, external, run, name};
  const int code = migrator.finish();
  if (code != 0)
    throw Error{ExitCode::migration_failed, "the migrator " + name + " failed with exit code " + std::to_string(code),
                "see its own output above"};
  const std::int64_t duration = migrator.elapsed().count();
  log::info("migrator.done", "the migrator is done (" + std::to_string(duration) + " ms)", {{"duration_ms", duration}});
  session.run("COMMIT");  // the session only held the lock, which is free now
}

}  // namespace slipway
