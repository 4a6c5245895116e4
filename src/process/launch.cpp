#include "process/launch.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "error/error.h"
#include "process/executable.h"
#include "process/signals.h"

namespace slipway {
namespace {

constexpr const char* init_name = "slipway-init";

// The path of this program: from /proc, or if that is not mounted, the path that the kernel executed (getauxval(3)),
// which may be a symbolic link.
std::optional<std::filesystem::path> own_folder() {
  std::error_code failure;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (!failure) return program.parent_path();
  const auto* executed = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT(performance-no-int-to-ptr)
  if (executed == nullptr) return std::nullopt;
  return std::filesystem::path{executed}.parent_path();
}

// The path of slipway-init in the folder of this program, or its name, to be found in PATH.
std::string init_program() {
  const auto folder = own_folder();
  std::error_code failure;
  if (folder && std::filesystem::exists(*folder / init_name, failure)) return *folder / init_name;
  return init_name;
}

std::string mask_option(SignalSet mask) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), mask.bits(), 16).ptr;
  return "--signal-mask=" + std::string{digits.data(), end};
}

std::vector<std::string> init_command(const Launch& launch) {
  std::vector<std::string> command{init_program()};
  command.push_back(mask_option(SignalSet{launch.mask}));
  command.insert(command.end(), launch.init_options.begin(), launch.init_options.end());
  command.emplace_back("--");
  command.insert(command.end(), launch.command.begin(), launch.command.end());
  return command;
}

Error without_init(const Error& error) {
  return Error{error.exit_code(), "can't hand over to slipway-init: " + error.message(),
               "install slipway-init beside slipway, or use --exec to run without it"};
}

// Every signal stays blocked until slipway-init takes it. The kernel would discard an unblocked signal that reaches PID
// 1 between the exec and its first instruction.
[[noreturn]] void launch_init(const Launch& launch) {
  const std::vector<std::string> command = init_command(launch);
  Executable init{pointers(command), pointers(launch.environment)};
  const SignalSet before = set_signal_mask(SignalSet::all());
  const ExecuteFailure failure = init.execute();
  set_signal_mask(before);
  throw without_init(init.error(failure));
}

[[noreturn]] void launch_application(const Launch& launch) {
  Executable application{pointers(launch.command), pointers(launch.environment)};
  const SignalSet before = set_signal_mask(SignalSet{launch.mask});
  const ExecuteFailure failure = application.execute();
  set_signal_mask(before);
  throw application.error(failure);
}

// The result of a child process that has the application's user and folder.
struct Findings {
  StepFailure step;
  ExecuteFailure execution;
};

// Runs in a child, because a change of user can't be undone. Uses fork, whose child has its own memory.
Findings findings_in(const ApplicationPlace& place, const Executable& application) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Descriptor source{ends[0]};
  Descriptor sink{ends[1]};
  const pid_t child = ::fork();
  if (child == 0) {
    Findings findings{.step = enter(place), .execution = {}};
    if (findings.step.step == nullptr) findings.execution = application.check();
    ::_exit(::write(sink.number(), &findings, sizeof findings) == sizeof findings ? 0 : 1);
  }
  sink.reset();
  Findings findings{};
  // Without an answer, there is no reason to refuse the launch.
  if (child < 0 || ::read(source.number(), &findings, sizeof findings) != sizeof findings) findings = {};
  while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return findings;
}

// Changes the working directory for its lifetime.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::optional<std::filesystem::path>& folder)
      : before_{folder ? ::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1} {
    if (folder) [[maybe_unused]]
      const int result = ::chdir(folder->c_str());
  }
  ~WorkingDirectory() {
    if (before_) [[maybe_unused]]
      const int result = ::fchdir(before_.number());
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  Descriptor before_;
};

void check_application(const Launch& launch, const ApplicationPlace& place) {
  const Executable application{pointers(launch.command), pointers(launch.environment)};
  const bool is_here = !place.user && !place.working_directory;
  const Findings findings =
      is_here ? Findings{.step = {}, .execution = application.check()} : findings_in(place, application);
  if (findings.step.step != nullptr) throw not_entered(place, findings.step);
  if (findings.execution.errno_value == 0) return;
  const WorkingDirectory there{place.working_directory};  // relative names are resolved from there
  throw application.error(findings.execution);
}

}  // namespace

void check_launch(const Launch& launch, const ApplicationPlace& place) {
  if (launch.supervisor == Launch::Supervisor::init) {
    const std::vector<std::string> command = init_command(launch);
    const Executable init{pointers(command), pointers(launch.environment)};
    if (const ExecuteFailure failure = init.check(); failure.errno_value != 0) throw without_init(init.error(failure));
  }
  check_application(launch, place);
}

void launch(const Launch& launch) {
  if (launch.command.empty()) throw Error{ExitCode::usage, "no application command was given"};
  if (launch.supervisor == Launch::Supervisor::init) launch_init(launch);
  launch_application(launch);
}

}  // namespace slipway
