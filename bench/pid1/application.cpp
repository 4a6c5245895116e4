// The application in the benchmark of inits.
//
//   pid1_application idle|signals BOARD          until SIGTERM
//   pid1_application orphans BOARD COUNT         makes them, ends them all at once, waits until they have been reaped

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"

namespace slipway::bench {
namespace {

Board* board = nullptr;

// A handler, as most applications have one; SIGTERM ends it.
void count(int signal) {
  board->handled_at = now();
  ++board->signals.at(static_cast<std::size_t>(signal));
}

int wait_for_signals() {
  struct sigaction action {};
  action.sa_handler = count;
  ::sigfillset(&action.sa_mask);
  for (int signal = 1; signal <= SIGRTMAX; ++signal)
    ::sigaction(signal, &action, nullptr);
  sigset_t all;
  sigset_t none;
  ::sigfillset(&all);
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  board->ready = true;
  while (board->signals[SIGTERM] == 0)
    ::sigsuspend(&none);
  return 0;
}

int idle() {
  board->ready = true;
  for (;;)
    ::pause();
}

using Pipe = std::array<int, 2>;

// Their parent ends at once, so that they are the init's. Each ends when the gate is closed.
void make_orphans(int count, const Pipe& gate, const Pipe& ids) {
  for (int i = 0; i < count; ++i) {
    const pid_t orphan = ::fork();
    if (orphan < 0) ::_exit(71);
    if (orphan != 0) continue;
    ::close(gate[1]);
    const pid_t self = ::getpid();
    if (::write(ids[1], &self, sizeof self) != sizeof self) ::_exit(70);
    char nothing = 0;
    ::_exit(::read(gate[0], &nothing, 1) == 0 ? 0 : 70);
  }
  ::_exit(0);
}

int end_orphans(int count) {
  Pipe gate{};
  Pipe ids{};
  if (::pipe(gate.data()) != 0 || ::pipe(ids.data()) != 0) return 70;
  const pid_t maker = ::fork();
  if (maker == 0) make_orphans(count, gate, ids);
  std::vector<pid_t> orphans(static_cast<std::size_t>(count));
  for (pid_t& orphan : orphans)
    if (::read(ids[0], &orphan, sizeof orphan) != sizeof orphan) return 70;
  int status = 0;
  ::waitpid(maker, &status, 0);
  if (status != 0) return 71;
  const std::int64_t start = now();
  ::close(gate[1]);
  for (const pid_t orphan : orphans)
    while (::kill(orphan, 0) == 0)
      ::usleep(100);
  board->reaped_after = now() - start;
  return 0;
}

}  // namespace
}  // namespace slipway::bench

int main(int argc, char* argv[]) {
  using namespace slipway::bench;
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (argc > 2) board = &map_board(argv[2]);
  if (what == "idle") return idle();
  if (what == "signals") return wait_for_signals();
  if (what == "orphans" && argc > 3) return end_orphans(std::stoi(argv[3]));
  return 64;
}
