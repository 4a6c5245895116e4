// slipway-init beside the inits that Debian has: memory, start, signals, orphans, size. One table in Markdown on
// stdout.
//
// All are measured in turn, round by round, in another order each, so that whatever else the machine does hits all.
// Each runs as a child subreaper, which is what PID 1 of a container is to the kernel, without the cost of a namespace.
//
//   pid1_bench [ROUNDS]    1: a short run; default 20

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"

namespace slipway::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;

struct Init {
  std::string name;
  fs::path program;
};

std::vector<Init> inits(const fs::path& slipway_init) {
  std::vector<Init> all{{"slipway-init", slipway_init}};
  for (const char* name : {"tini", "tini-static", "dumb-init", "catatonit"}) {
    const fs::path program = fs::path{"/usr/bin"} / name;
    if (fs::exists(program))
      all.push_back({name, program});
    else
      std::cerr << "pid1_bench: " << name << " is not installed and left out\n";
  }
  return all;
}

pid_t start(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const std::string& word : command)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

// Its exit code, and the processor time that it and all that it waited for have taken, in microseconds.
struct End {
  int code;
  double processor_time;
};

End end_with_times_of(pid_t child) {
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  const auto microseconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec * 1'000'000 + time.tv_usec);
  };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          microseconds_of(usage.ru_utime) + microseconds_of(usage.ru_stime)};
}

int end_of(pid_t child) {
  return end_with_times_of(child).code;
}

// slipway-init as a package has it: stripped, written in one go, and on the disk. What a linker has left in memory just
// now counts as dirty, lies there in small pieces, and starts more slowly for both reasons.
class Installed {
 public:
  Installed() : program_{fs::temp_directory_path() / ("pid1_bench." + std::to_string(::getpid()) + ".installed")} {
    const fs::path stripped = program_.string() + ".stripped";
    if (end_of(start({"/usr/bin/strip", "-o", stripped, SLIPWAY_INIT})) != 0) throw std::runtime_error{"strip failed"};
    fs::copy_file(stripped, program_);
    fs::remove(stripped);
    const int descriptor = ::open(program_.c_str(), O_RDONLY | O_CLOEXEC);
    ::fsync(descriptor);
    ::close(descriptor);
  }
  ~Installed() { fs::remove(program_); }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;

  const fs::path& program() const { return program_; }

 private:
  fs::path program_;
};

std::vector<std::size_t> any_order(std::size_t count) {
  static std::mt19937 random{7};
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::shuffle(order, random);
  return order;
}

// An init with the application of this benchmark, from the moment that the application is ready.
class Supervised {
 public:
  Supervised(const Init& init, const std::string& what, const std::string& argument = "")
      : file_{fs::temp_directory_path() / ("pid1_bench." + std::to_string(::getpid()) + "." + init.name)},
        board_{map_board(file_.c_str())} {
    std::vector<std::string> command{init.program, "--", APPLICATION, what, file_};
    if (!argument.empty()) command.push_back(argument);
    pid_ = start(command);
  }
  ~Supervised() {
    if (pid_ != 0) {
      ::kill(pid_, SIGTERM);
      end_of(pid_);
    }
    ::munmap(&board_, sizeof board_);
    fs::remove(file_);
  }
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  pid_t pid() const { return pid_; }
  Board& board() { return board_; }
  int wait() { return end_of(std::exchange(pid_, 0)); }

  Supervised& once_ready() {
    const std::int64_t begin = now();
    while (!board_.ready) {
      std::this_thread::sleep_for(microseconds{100});
      if (now() - begin > 60'000'000'000) throw std::runtime_error{"the application does not start"};
    }
    return *this;
  }

 private:
  fs::path file_;
  Board& board_;
  pid_t pid_ = 0;
};

using Samples = std::vector<double>;

double median(Samples samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::ranges::nth_element(samples, middle);
  return *middle;
}

// Rows of a table whose columns are the inits.
class Table {
 public:
  explicit Table(const std::vector<Init>& inits) {
    std::cout << "| |";
    for (const Init& init : inits)
      std::cout << ' ' << init.name << " |";
    std::cout << "\n| --- |";
    for (std::size_t i = 0; i < inits.size(); ++i)
      std::cout << " ---: |";
    std::cout << std::endl;
  }
  void row(const std::string& name, const std::vector<std::string>& cells) const {
    std::cout << "| " << name << " |";
    for (const std::string& cell : cells)
      std::cout << ' ' << cell << " |";
    std::cout << std::endl;
  }
  void row(const std::string& name, const std::vector<Samples>& samples, int digits = 0) const {
    std::vector<std::string> cells;
    for (const Samples& some : samples) {
      std::ostringstream text;
      text.setf(std::ios::fixed);
      text.precision(digits);
      text << median(some);
      cells.push_back(text.str());
    }
    row(name, cells);
  }
};

double kilobytes(pid_t process, const std::string& field) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/smaps_rollup"};
  for (std::string word; file >> word;)
    if (double amount = 0; word == field && file >> amount) return amount;
  return -1;
}

// While supervising, with no signal for a while.
void memory(const std::vector<Init>& inits, const Table& table, int rounds) {
  std::vector<Samples> dirty(inits.size());
  std::vector<Samples> resident(inits.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < inits.size(); ++i) {
      Supervised supervised{inits[i], "idle"};
      supervised.once_ready();
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      dirty[i].push_back(kilobytes(supervised.pid(), "Private_Dirty:"));
      resident[i].push_back(kilobytes(supervised.pid(), "Rss:"));
    }
  }
  table.row("private dirty memory, kB", dirty);
  table.row("resident memory, kB", resident);
}

void whole_life(const std::vector<Init>& inits, const Table& table, int rounds) {
  std::vector<Samples> times(inits.size());
  std::vector<Samples> processor_times(inits.size());
  for (int round = 0; round < rounds * 100; ++round) {
    for (const std::size_t i : any_order(inits.size())) {
      const std::int64_t begin = now();
      const auto [code, processor_time] = end_with_times_of(start({inits[i].program, "--", "/bin/true"}));
      times[i].push_back(static_cast<double>(now() - begin) / 1000);
      processor_times[i].push_back(processor_time);
      if (code != 0) throw std::runtime_error{inits[i].name + " -- /bin/true ended with " + std::to_string(code)};
    }
  }
  table.row("`-- /bin/true`, whole life, µs", times);
  table.row("processor time of it, with `/bin/true`, µs", processor_times);
}

// From kill() to the application's handler, when all have been asleep.
void latency(const std::vector<Init>& inits, const Table& table, int rounds) {
  std::vector<Samples> times(inits.size());
  for (int round = 0; round < rounds * 10; ++round) {
    for (const std::size_t i : any_order(inits.size())) {
      Supervised supervised{inits[i], "signals"};  // new ones: on which processor they are settles for long
      std::atomic<std::int64_t>& handled_at = supervised.once_ready().board().handled_at;
      for (int signal = 0; signal < 5; ++signal) {
        handled_at = 0;
        std::this_thread::sleep_for(microseconds{500});
        const std::int64_t sent_at = now();
        ::kill(supervised.pid(), SIGUSR1);
        while (handled_at == 0)
          std::this_thread::sleep_for(microseconds{200});
        times[i].push_back(static_cast<double>(handled_at - sent_at) / 1000);
      }
    }
  }
  table.row("kill() to the application's handler, µs", times, 1);
}

void orphans(const std::vector<Init>& inits, const Table& table, int rounds) {
  constexpr int count = 10'000;
  std::vector<Samples> times(inits.size());
  for (int round = 0; round < rounds; ++round) {
    for (const std::size_t i : any_order(inits.size())) {
      Supervised supervised{inits[i], "orphans", std::to_string(count)};
      const int code = supervised.wait();
      if (code != 0) throw std::runtime_error{inits[i].name + " with orphans ended with " + std::to_string(code)};
      times[i].push_back(static_cast<double>(supervised.board().reaped_after) / 1'000'000);
    }
  }
  table.row("10,000 orphans that end at once, until all are reaped, ms", times);
}

// Those that every one of the inits forwards: tini leaves SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS and SIGTRAP
// to end itself, the C library of all of them keeps 32 and 33, and the kinds that stop would stop them.
std::vector<int> forwarded_by_all() {
  std::vector<int> signals{SIGHUP, SIGINT,  SIGQUIT, SIGUSR1,   SIGUSR2, SIGPIPE,  SIGALRM, SIGSTKFLT, SIGCONT,
                           SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO,   SIGPWR};
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
    signals.push_back(signal);
  return signals;
}

// Pending signals of a kind are one (signal(7)), real-time ones are queued: at least one of each kind arrives, and all
// of the latter.
void burst(const std::vector<Init>& inits, const Table& table) {
  const std::vector<int> kinds = forwarded_by_all();
  std::vector<std::string> kinds_lost;
  std::vector<std::string> queued_lost;
  for (const Init& init : inits) {
    std::mt19937 random{7};
    std::uniform_int_distribution<std::size_t> any{0, kinds.size() - 1};
    Supervised supervised{init, "signals"};
    Board& board = supervised.once_ready().board();
    std::uint32_t queued = 0;
    for (int i = 0; i < 10'000; ++i) {
      const int signal = kinds[any(random)];
      ::kill(supervised.pid(), signal);
      queued += signal >= SIGRTMIN ? 1 : 0;
    }
    // Over when nothing has arrived for a while.
    for (std::int64_t last = -1; std::exchange(last, board.handled_at.load()) != board.handled_at;)
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
    std::uint32_t arrived = 0;
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
      arrived += board.signals.at(static_cast<std::size_t>(signal));
    const auto lost = std::ranges::count_if(
        kinds, [&](int signal) { return board.signals.at(static_cast<std::size_t>(signal)) == 0; });
    kinds_lost.push_back(std::to_string(lost));
    queued_lost.push_back(std::to_string(queued - arrived));
  }
  table.row("10,000 signals in a burst, kinds lost of " + std::to_string(kinds.size()), kinds_lost);
  table.row("of them real-time signals lost", queued_lost);
}

void size(const std::vector<Init>& inits, const Table& table) {
  std::vector<std::string> sizes;
  for (const Init& init : inits)
    sizes.push_back(std::to_string(fs::file_size(init.program) / 1024));
  table.row("program, kB", sizes);
}

}  // namespace
}  // namespace slipway::bench

int main(int argc, char* argv[]) {
  using namespace slipway::bench;
  const int rounds = argc > 1 ? std::stoi(argv[1]) : 20;
  const Installed slipway_init;
  const std::vector<Init> all = inits(slipway_init.program());
  const Table table{all};
  memory(all, table, rounds);
  whole_life(all, table, rounds);
  latency(all, table, rounds);
  orphans(all, table, rounds);
  burst(all, table);
  size(all, table);
}
