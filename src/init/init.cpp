#include "init/init.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <dirent.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error/error.h"
#include "init/diagnostics.h"
#include "init/memory.h"
#include "init/options.h"
#include "init/spawn.h"
#include "init/supervisor.h"

namespace slipway {
namespace {

// If SIGCHLD is ignored, the kernel reaps child processes itself, and the application's exit status is lost (wait(2)).
// Returns whether it was ignored. Stopped children matter only if there is a terminal.
bool expect_children(const std::optional<Terminal>& terminal) {
  struct sigaction standard {};
  struct sigaction inherited {};
  standard.sa_handler = SIG_DFL;
  standard.sa_flags = terminal ? 0 : SA_NOCLDSTOP;
  ::sigaction(SIGCHLD, &standard, &inherited);
  return inherited.sa_handler == SIG_IGN;
}

Supervisor::Adopts adopt(const InitOptions& options) {
  if (::getpid() == 1) return Supervisor::Adopts::everything;
  if (options.subreaper && ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    throw Error{ExitCode::not_executable, std::string{"can't become a subreaper: "} + std::strerror(errno)};
  int subreaper = 0;
  ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
  return subreaper != 0 ? Supervisor::Adopts::descendants : Supervisor::Adopts::nothing;
}

// The parent may have died before this call. Then the signal is due now.
void follow_parent(int signal) {
  const pid_t parent = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
  if (::getppid() != parent) ::kill(::getpid(), signal);
}

// Keeps no folder and no file open, so that file systems can be unmounted and readers of pipes see their end.
void let_go() {
  [[maybe_unused]] const int result = ::chdir("/");
  if (::syscall(SYS_close_range, 3U, ~0U, 0U) == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
  for (int descriptor = 3; descriptor < end; ++descriptor)
    ::close(descriptor);
}

pid_t start(const InitOptions& options, std::span<const char* const> environment, SignalSet mask,
            const std::optional<Terminal>& terminal) {
  const auto user = options.user ? std::optional{find_user(*options.user)} : std::nullopt;
  const std::string home = user ? "HOME=" + user->home : "";
  std::vector<const char*> variables{environment.begin(), environment.end()};
  if (user) {
    std::erase_if(variables, [](std::string_view variable) { return variable.starts_with("HOME="); });
    variables.push_back(home.c_str());
  }
  Executable executable{options.command, variables};
  const bool foreground = terminal && terminal->is_ours();
  if (options.session && terminal) terminal->give_up();
  const bool ignored = expect_children(options.session ? std::nullopt : terminal);
  return spawn({.executable = executable,
                .mask = options.signal_mask.value_or(mask),
                .ignores_sigchld = ignored,
                .grouping = options.session ? Grouping::session : Grouping::process_group,
                .terminal = foreground ? terminal : std::nullopt,
                .place = {.user = user, .working_directory = options.working_directory},
                .no_new_privileges = options.no_new_privileges,
                .ends_with_parent = options.parent_death_signal == SIGKILL});
}

int print(const std::string& text) {
  return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? 1 : 0;
}

}  // namespace

int run_init(std::span<const char* const> arguments, std::span<const char* const> environment, SignalSet mask) {
  const InitOptions options = parse_init_options(arguments, environment);
  if (options.action == InitOptions::Action::print_help) return print(init_help());
  if (options.action == InitOptions::Action::print_version) return print("slipway-init " SLIPWAY_VERSION "\n");

  const Diagnostics diagnostics{static_cast<Diagnostics::Level>(std::min(options.verbosity, 2))};
  const Supervisor::Adopts adopts = adopt(options);
  if (options.parent_death_signal) follow_parent(*options.parent_death_signal);
  const auto terminal = Terminal::controlling();
  const pid_t application = start(options, environment, mask, terminal);
  let_go();
  release_startup_memory();
  if (adopts == Supervisor::Adopts::nothing)
    diagnostics.warn("not PID 1, so orphans will not be reaped: run it as PID 1 or give --subreaper (-s)");
  return Supervisor{application, adopts, options.session ? std::nullopt : terminal, options, diagnostics}.run();
}

}  // namespace slipway
