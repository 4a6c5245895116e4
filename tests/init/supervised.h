#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"

// A slipway-init with an application, run for real: with a pseudo-terminal, in a PID namespace, with dispositions of
// signals inherited. fixture::Program knows none of these.

namespace slipway::fixture {

struct SupervisedOptions {
  std::map<std::string, std::string> environment{};  // beside PATH and LC_ALL=C
  std::vector<int> blocked{};                        // signals blocked at the start
  std::vector<int> ignored{};                        // signals ignored at the start
  enum class Namespace { none, pid, pid_without_proc } pid_namespace = Namespace::none;
  enum class Terminal { none, controlling } terminal = Terminal::none;
  std::function<void()> before_exec = [] {};  // in the child; system calls alone
};

// Killed, with everything in its PID namespace or process group, when it is destroyed.
class Supervised {
 public:
  explicit Supervised(const std::vector<std::string>& command, const SupervisedOptions& options = {});
  ~Supervised();
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  void queue(int number, int value) const;

  // What it has printed so far; with a terminal both are what the terminal shows.
  std::string out();
  std::string err();
  bool wait_for_out(std::string_view text) {
    return wait_until([&] { return out().find(text) != std::string::npos; });
  }
  bool wait_for_err(std::string_view text) {
    return wait_until([&] { return err().find(text) != std::string::npos; });
  }

  // Until it holds or the patience is out: false.
  static bool wait_until(const std::function<bool()>& holds);

  // The first child of the process; 0 for none.
  static pid_t child_of(pid_t parent);
  // The state letter in /proc/ID/stat, 'T' for stopped; ' ' when it is gone.
  static char state_of(pid_t process);

  void type(std::string_view keys) const;  // on the terminal
  void hang_up();                          // the terminal

  // The exit code, 128+N when signal N ended it; it is killed when that takes longer than the patience.
  int wait();

 private:
  fixture::TempFolder folder_;
  pid_t pid_ = 0;
  int status_ = -1;
  int terminal_ = -1;
  std::string shown_;
};

// Whether PID namespaces can be made here. Where CI is set they have to be.
bool can_make_namespaces();

// Whether the programs of this build can: a sanitizer's runtime needs /proc.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool runs_without_proc = false;
#else
constexpr bool runs_without_proc = true;
#endif

// The options of a fixture::Program that has these variables.
inline ProgramOptions with(std::map<std::string, std::string> environment) {
  ProgramOptions options;
  options.environment = std::move(environment);
  return options;
}

std::string probe();  // the path of the application in the tests

}  // namespace slipway::fixture
