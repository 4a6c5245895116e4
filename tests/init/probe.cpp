// The application in the tests of slipway-init: it tells what it was given, and what happens to it, on stdout, a line
// at a time. Plain system calls, so that what it tells is the kernel's view.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::uint64_t all_signals = ~std::uint64_t{0};

std::uint64_t block(std::uint64_t signals) {
  std::uint64_t before = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &signals, &before, sizeof before);
  return before;
}

void say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(70);
}

std::string hex(std::uint64_t bits) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(bits));
  return text.data();
}

// The kernel's struct of rt_sigaction; glibc's refuses signals 32 and 33.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  std::uint64_t mask;
};

std::uint64_t ignored_signals() {
  std::uint64_t ignored = 0;
  for (int signal = 1; signal <= 64; ++signal) {
    KernelAction action{};
    ::syscall(SYS_rt_sigaction, signal, nullptr, &action, sizeof action.mask);
    if (action.handler == SIG_IGN) ignored |= std::uint64_t{1} << (signal - 1);
  }
  return ignored;
}

std::string descriptors() {
  std::string text;
  for (int descriptor = 0; descriptor < 64; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) >= 0) text += " " + std::to_string(descriptor);
  return text;
}

std::string groups() {
  std::array<gid_t, 64> ids{};
  const int count = ::getgroups(ids.size(), ids.data());
  std::string text;
  for (int i = 0; i < count; ++i)
    text += " " + std::to_string(ids[static_cast<std::size_t>(i)]);
  return text;
}

std::string id_list(uid_t real, uid_t effective, uid_t saved) {
  return std::to_string(real) + " " + std::to_string(effective) + " " + std::to_string(saved);
}

// What the process was started with.
int state() {
  const std::uint64_t blocked = block(0);
  block(blocked);
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  ::getresuid(&real, &effective, &saved);
  say("blocked " + hex(blocked));
  say("ignored " + hex(ignored_signals()));
  say("descriptors" + descriptors());
  say("leads group " + std::string{::getpgrp() == ::getpid() ? "yes" : "no"});
  say("leads session " + std::string{::getsid(0) == ::getpid() ? "yes" : "no"});
  say("foreground " + std::string{::tcgetpgrp(STDIN_FILENO) == ::getpgrp() ? "yes" : "no"});
  say("uids " + id_list(real, effective, saved));
  ::getresgid(&real, &effective, &saved);
  say("gids " + id_list(real, effective, saved));
  say("groups" + groups());
  say("no new privileges " + std::to_string(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
  say("can be root " + std::string{::setuid(0) == 0 ? "yes" : "no"});
  std::array<char, 4096> folder{};
  say("folder " + std::string{::getcwd(folder.data(), folder.size()) == nullptr ? "?" : folder.data()});
  for (const char* name : {"HOME", "LISTEN_PID", "LISTEN_FDS"})
    if (const char* value = std::getenv(name)) say(std::string{name} + " " + value);
  say("pid " + std::to_string(::getpid()));
  say("parent " + std::to_string(::getppid()));
  return 0;
}

// Says "ready", then the number of each signal that is taken, "=value" where it was queued with one. SIGTERM ends it
// with exit code 0, all others do nothing.
int signals() {
  block(all_signals);
  say("ready");
  for (;;) {
    siginfo_t info{};
    if (::syscall(SYS_rt_sigtimedwait, &all_signals, &info, nullptr, sizeof all_signals) <= 0) continue;
    if (info.si_signo == SIGCHLD) continue;
    std::string line = std::to_string(info.si_signo);
    if (info.si_code == SI_QUEUE && info.si_value.sival_int != 0) line += "=" + std::to_string(info.si_value.sival_int);
    say(line);
    if (info.si_signo == SIGTERM) return 0;
  }
}

// Makes children that each leave an orphan, which ends at once or, with "stay", ignores SIGTERM. Ends with code 3.
int orphans(int count, std::string_view manner) {
  int ready[2];
  if (::pipe(ready) != 0) return 70;
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return 71;
    if (child == 0) {
      if (::fork() == 0) {
        if (manner == "stay" || manner == "obey") {
          if (manner == "stay") ::signal(SIGTERM, SIG_IGN);
          if (::write(ready[1], "r", 1) != 1) ::_exit(70);
          for (;;)
            ::pause();
        }
        if (::write(ready[1], "r", 1) != 1) ::_exit(70);
      }
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
  for (int i = 0; i < count; ++i) {
    char ignored = 0;
    if (::read(ready[0], &ignored, 1) != 1) return 70;
  }
  say("ready");
  return 3;
}

// Orphans that all end together when a pipe closes; then waits for them to be gone, with kill(2), and says so.
int burst(int count) {
  int gate[2];
  int ids[2];
  if (::pipe(gate) != 0 || ::pipe(ids) != 0) return 70;
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return 71;
    if (child == 0) {
      if (::fork() == 0) {
        ::close(gate[1]);
        const pid_t self = ::getpid();
        if (::write(ids[1], &self, sizeof self) != sizeof self) ::_exit(70);
        char ignored = 0;
        ::_exit(::read(gate[0], &ignored, 1) == 0 ? 0 : 70);
      }
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
  std::vector<pid_t> orphans(static_cast<std::size_t>(count));
  for (pid_t& orphan : orphans)
    if (::read(ids[0], &orphan, sizeof orphan) != sizeof orphan) return 70;
  ::close(gate[1]);
  for (const pid_t orphan : orphans)
    while (::kill(orphan, 0) == 0)
      ::usleep(200);
  say("all reaped");
  return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "state") return state();
  if (what == "signals") return signals();
  if (what == "orphans" && argc > 3) return orphans(std::stoi(argv[2]), argv[3]);
  if (what == "burst" && argc > 2) return burst(std::stoi(argv[2]));
  if (what == "exit" && argc > 2) return std::stoi(argv[2]);
  if (what == "die" && argc > 2) {
    ::signal(std::stoi(argv[2]), SIG_DFL);
    ::raise(std::stoi(argv[2]));
  }
  return 64;
}
