#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

// A program that is measured from its start to its end. Between the two nothing of this program runs: it waits in
// wait4(2), so that both processors are the measured one's and its server's.

namespace slipway::bench {

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment{};  // beside PATH, HOME and LC_ALL=C; nothing is inherited
  std::filesystem::path folder{"/"};                 // to run in
};

struct End {
  int exit_code = 0;          // 128+N when signal N killed it
  double wall_ms = 0;         // from before the start to after the end
  double processor_ms = 0;    // its own, and that of the children it has waited for
  double ended_s = 0;         // steady_clock
  double peak_memory_mb = 0;  // the most it had resident; by run_with_memory alone
};

class Process {
 public:
  // Starts it, with its output into a file. Throws std::runtime_error where it can't be started.
  explicit Process(const Command& command);
  ~Process();  // kills it where it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Throws std::runtime_error with its output unless it ends with 0.
  End wait();

  std::string output() const;

 private:
  std::string name_;
  std::filesystem::path output_;
  double started_s_ = 0;
  pid_t pid_ = 0;
};

End run(const Command& command);

// The same, and what it printed.
std::string output_of(const Command& command);

// Likewise, started by a program that is small.
End run_with_memory(const Command& command);

// steady_clock.
double now_s();

}  // namespace slipway::bench
