#include "scratch/scratch_keeper.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wait.h"
#include "error/error.h"
#include "process/argument_list.h"
#include "process/descendants.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

constexpr char end_now = 'e';  // slipway sends this to end the keeper

std::vector<std::string> initdb_arguments(const KeeperPlan& plan, const std::string& data,
                                          const std::string& password_file) {
  std::vector<std::string> arguments{plan.initdb,
                                     "-D",
                                     data,
                                     "-U",
                                     plan.role,
                                     "--pwfile",
                                     password_file,
                                     "--auth-local=scram-sha-256",
                                     "--auth-host=reject",
                                     "-E",
                                     "UTF8",
                                     "--locale=C"};
  for (const std::string& option : plan.initdb_options)
    arguments.push_back(option);
  return arguments;
}

std::vector<std::string> server_arguments(const KeeperPlan& plan, const std::string& data) {
  std::vector<std::string> arguments{plan.postgres, "-D", data, "-k", plan.folder};
  for (const std::string& setting : plan.settings)
    arguments.insert(arguments.end(), {"-c", setting});
  return arguments;
}

std::string folder_of(const std::string& program) {
  return program.substr(0, program.rfind('/'));
}

// Constructed before the fork. keep() is all that the keeper process runs; it makes only async-signal-safe calls.
class Keeper {
 public:
  Keeper(const KeeperPlan& plan, int owner, int line) : plan_{plan}, owner_{owner}, line_{line} {}

  [[noreturn]] void keep() noexcept {
    detach();
    if (prepare() && make_data()) start_server();
    while (!must_end_)
      watch(Deadline::never());
    end_children();
    if (has_folder_) remove(remove_folder_);
    ::_exit(0);
  }

 private:
  void detach() noexcept;
  bool prepare() noexcept;
  bool make_folder() noexcept;
  bool lock_in_time(int lock) noexcept;
  static int new_file(const std::string& file, int flags) noexcept;
  bool make_data() noexcept;
  void start_server() noexcept;
  void spawn(const ArgumentList& command) noexcept;
  void run(const ArgumentList& command) noexcept;
  void remove(const ArgumentList& command) noexcept;
  void watch(Deadline deadline) noexcept;
  void reap() noexcept;
  bool wait_for_child(Deadline deadline) noexcept;
  void end_children() noexcept;
  bool write_password() noexcept;

  bool report(KeeperStep step, int errno_value, int wait_status = 0) const noexcept {
    const KeeperReport report{step, errno_value, wait_status};
    ::send(line_, &report, sizeof report, MSG_NOSIGNAL);
    return false;
  }

  const KeeperPlan& plan_;
  const int owner_;  // the pidfd of the process that the keeper watches
  int line_;
  int signals_ = -1;
  int log_ = -1;
  pid_t child_ = -1;  // initdb or the server, while it runs
  int child_status_ = 0;
  bool serving_ = false;
  bool has_folder_ = false;
  bool must_end_ = false;

  const bool keeps_data_ = plan_.home != plan_.folder;
  const std::string lock_file_ = plan_.home + "/" + scratch_home::lock;
  const std::string log_file_ = plan_.home + "/" + scratch_home::log;
  const std::string password_file_ = plan_.home + "/" + scratch_home::password;
  const std::string data_ = plan_.home + "/" + scratch_home::data;
  const std::string unfinished_ = plan_.home + "/" + scratch_home::unfinished;
  const std::string pid_file_ = data_ + "/postmaster.pid";

  const ArgumentList remove_folder_{{"/bin/rm", "-rf", "--", plan_.folder}};
  const ArgumentList remove_unfinished_{{"/bin/rm", "-rf", "--", unfinished_}};
  const ArgumentList initdb_{initdb_arguments(plan_, unfinished_, password_file_)};
  const ArgumentList postgres_{server_arguments(plan_, data_)};
  // Nothing from slipway's environment, which may contain secrets and PG* variables that would affect the programs.
  const ArgumentList environment_{{"PATH=" + folder_of(plan_.postgres) + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"}};
};

void Keeper::detach() noexcept {
  ::setsid();
  ::umask(S_IRWXG | S_IRWXO);
  if (::chdir("/") != 0) ::_exit(1);
  // Otherwise a reader of slipway's output would wait for the keeper to exit.
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(nothing, standard);
  const auto low = static_cast<unsigned>(std::min(owner_, line_));
  const auto high = static_cast<unsigned>(std::max(owner_, line_));
  if (low > 3) ::close_range(3, low - 1, 0);
  if (high > low + 1) ::close_range(low + 1, high - 1, 0);
  ::close_range(high + 1, ~0U, 0);

  for (const int ignored : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM})
    ::signal(ignored, SIG_IGN);
  for (const int needed : {SIGTERM, SIGCHLD})
    ::signal(needed, SIG_DFL);
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &awaited, nullptr);
  signals_ = ::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "slipway-scratch");
}

bool Keeper::prepare() noexcept {
  if (plan_.user) {
    const ServerUser& user = *plan_.user;
    if (::setgroups(user.groups.size(), user.groups.data()) != 0 || ::setresgid(user.gid, user.gid, user.gid) != 0 ||
        ::setresuid(user.uid, user.uid, user.uid) != 0)
      return report(KeeperStep::become_user, errno);
  }
  if (!make_folder()) return report(KeeperStep::make_folder, errno);

  if (keeps_data_) {
    // The server inherits the lock. So a process that gets the lock knows that no server uses the data, and that a
    // postmaster.pid is stale. PostgreSQL itself only checks whether any process has that pid, which is common after a
    // container restarts.
    const int lock = ::open(lock_file_.c_str(), O_CREAT | O_RDWR | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (lock < 0 || !lock_in_time(lock)) return report(KeeperStep::lock_home, errno);
    ::unlink(pid_file_.c_str());
  }
  log_ = new_file(log_file_, O_APPEND);
  if (log_ < 0) return report(KeeperStep::write_home, errno);
  return true;
}

// The folder's name can't be guessed. In a temporary folder without the sticky bit, another user could still replace
// the folder at once; fchmod() makes sure that the mode of no other folder changes.
bool Keeper::make_folder() noexcept {
  if (::mkdir(plan_.folder.c_str(), S_IRWXU) != 0) return false;
  has_folder_ = true;
  const int folder = ::open(plan_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const bool made = folder >= 0 && ::fchmod(folder, plan_.folder_mode) == 0;
  if (folder >= 0) ::close(folder);
  return made;
}

// Replaces an existing file. In a home that another user can write to, the existing file may be a link to any file, or
// may be readable by that user.
int Keeper::new_file(const std::string& file, int flags) noexcept {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return -1;
  return ::open(file.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC | flags, S_IRUSR | S_IWUSR);
}

// Retries for 5 s, because the server of a slipway that has just ended may still be shutting down.
bool Keeper::lock_in_time(int lock) noexcept {
  constexpr auto between_tries = 20ms;
  const Deadline deadline = Deadline::after(5s);
  while (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    if (reason == EWOULDBLOCK && !must_end_ && !deadline.has_passed()) {
      watch(Deadline::after(between_tries));
      continue;
    }
    errno = reason;
    return false;
  }
  return true;
}

bool Keeper::write_password() noexcept {
  const int file = new_file(password_file_, 0);
  if (file < 0) return false;
  const ssize_t written = ::write(file, plan_.password.data(), plan_.password.size());
  return ::close(file) == 0 && written == static_cast<ssize_t>(plan_.password.size());
}

bool Keeper::make_data() noexcept {
  if (plan_.has_data) return true;
  if (keeps_data_) remove(remove_unfinished_);
  if (!write_password()) return report(KeeperStep::write_home, errno);
  run(initdb_);
  if (must_end_) return false;
  if (child_status_ != 0) return report(KeeperStep::make_data, 0, child_status_);
  if (::rename(unfinished_.c_str(), data_.c_str()) != 0) return report(KeeperStep::write_home, errno);
  return true;
}

void Keeper::start_server() noexcept {
  spawn(postgres_);
  if (child_ < 0) {
    report(KeeperStep::start_server, errno);
    return;
  }
  serving_ = true;
  report(KeeperStep::started, 0);
}

void Keeper::spawn(const ArgumentList& command) noexcept {
  const pid_t keeper = ::getpid();
  child_ = ::fork();
  if (child_ != 0) return;
  for (int signal = 1; signal < NSIG; ++signal)
    ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Must come after the change of user, which would clear it; the keeper has changed already (prctl(2)).
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != keeper) ::_exit(1);
  ::dup2(log_, STDOUT_FILENO);
  ::dup2(log_, STDERR_FILENO);
  ::execve(command.data()[0], command.data(), environment_.data());
  ::_exit(127);
}

// Returns when the program has ended, or when the keeper must end.
void Keeper::run(const ArgumentList& command) noexcept {
  spawn(command);
  if (child_ < 0) child_status_ = -1;
  while (child_ > 0 && !must_end_)
    watch(Deadline::never());
}

void Keeper::remove(const ArgumentList& command) noexcept {
  spawn(command);
  while (child_ > 0)
    if (::waitpid(child_, nullptr, 0) == child_ || errno != EINTR) child_ = -1;
}

void Keeper::watch(Deadline deadline) noexcept {
  const auto ready = wait({readable(owner_), readable(signals_), readable(line_)}, deadline);
  if (ready.none()) return;
  if (ready[0]) must_end_ = true;
  signalfd_siginfo signal{};
  while (::read(signals_, &signal, sizeof signal) == sizeof signal)
    if (signal.ssi_signo == SIGTERM) must_end_ = true;
  if (ready[2]) {
    char word = 0;
    const ssize_t got = ::recv(line_, &word, 1, MSG_DONTWAIT);
    if (got == 1 && word == end_now) must_end_ = true;
    // slipway has become another program, or has ended.
    if (got == 0) line_ = -1;
  }
  reap();
}

void Keeper::reap() noexcept {
  int status = 0;
  for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (ended != child_) continue;
    child_ = -1;
    child_status_ = status;
    if (serving_ && !must_end_) report(KeeperStep::server_ended, 0, status);
  }
}

bool Keeper::wait_for_child(Deadline deadline) noexcept {
  while (child_ > 0) {
    if (deadline.has_passed()) return false;
    wait({readable(signals_)}, deadline);
    signalfd_siginfo signal{};
    while (::read(signals_, &signal, sizeof signal) == sizeof signal) {
    }
    reap();
  }
  return true;
}

// Tries PostgreSQL's fast and immediate shutdown (manual, 19.5), and then kills all remaining processes. These include
// busy backends, which become the keeper's children when the postmaster ends.
void Keeper::end_children() noexcept {
  for (const int signal : {SIGINT, SIGQUIT}) {
    if (child_ <= 0) break;
    ::kill(child_, signal);
    if (wait_for_child(Deadline::after(2s))) break;
  }
  if (child_ > 0) ::kill(child_, SIGKILL);
  if (kill_descendants()) return;
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

}  // namespace

ScratchKeeper::ScratchKeeper(const KeeperPlan& plan) {
  const auto fail = [](const std::string& what) {
    return Error{ExitCode::internal,
                 "can't start the keeper of the scratch server: " + what + ": " + std::strerror(errno),
                 "use Linux 5.9 or later"};
  };
  const Descriptor owner{static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0))};
  if (!owner) throw fail("pidfd_open");
  std::array<int, 2> line{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line.data()) != 0) throw fail("socketpair");
  line_.reset(line[0]);
  const Descriptor keepers_end{line[1]};
  Keeper keeper{plan, owner.number(), keepers_end.number()};
  const pid_t between = ::fork();
  if (between == 0) {
    const pid_t child = ::fork();
    if (child == 0) keeper.keep();
    ::_exit(child < 0 ? 1 : 0);
  }
  int status = -1;
  while (between > 0 && ::waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw fail("fork");
}

ScratchKeeper::~ScratchKeeper() {
  ::send(line_.number(), &end_now, 1, MSG_NOSIGNAL);
  // Discards unread reports until the keeper has ended.
  KeeperReport unread{};
  ssize_t got = 0;
  do
    got = ::recv(line_.number(), &unread, sizeof unread, 0);
  while (got > 0 || (got < 0 && errno == EINTR));
}

std::optional<KeeperReport> ScratchKeeper::report() {
  KeeperReport report{};
  const ssize_t got = ::recv(line_.number(), &report, sizeof report, MSG_DONTWAIT);
  if (got == sizeof report) return report;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  throw Error{ExitCode::internal, "the keeper of the scratch server has ended", "check whether it was killed"};
}

}  // namespace slipway
