#include "process/launch.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include <sys/auxv.h>
#include <unistd.h>

#include "error/error.h"
#include "process/executable.h"
#include "process/signals.h"

namespace slipway {
namespace {

constexpr const char* init_name = "slipway-init";

// Where this program is: by /proc, and where that is not mounted by what the kernel was given to execute
// (getauxval(3)), which may be a symbolic link.
std::optional<std::filesystem::path> own_folder() {
  std::error_code failure;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (!failure) return program.parent_path();
  const auto* executed = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT(performance-no-int-to-ptr)
  if (executed == nullptr) return std::nullopt;
  return std::filesystem::path{executed}.parent_path();
}

// A path to slipway-init beside this program, or its name, for PATH.
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

// Every signal stays blocked until slipway-init takes it: a signal that meets PID 1 between the exec and its first
// instruction would be discarded by the kernel.
[[noreturn]] void launch_init(const Launch& launch) {
  const std::vector<std::string> command = init_command(launch);
  Executable init{pointers(command), pointers(launch.environment)};
  const SignalSet before = set_signal_mask(SignalSet::all());
  const int reason = init.execute();
  set_signal_mask(before);
  const Error error = init.error(reason);
  throw Error{error.exit_code(), "can't hand over to slipway-init: " + error.message(),
              "install slipway-init beside slipway, or use --exec to do without it"};
}

[[noreturn]] void launch_application(const Launch& launch) {
  Executable application{pointers(launch.command), pointers(launch.environment)};
  const SignalSet before = set_signal_mask(SignalSet{launch.mask});
  const int reason = application.execute();
  set_signal_mask(before);
  throw application.error(reason);
}

}  // namespace

void launch(const Launch& launch) {
  if (launch.command.empty()) throw Error{ExitCode::usage, "there is no command to run"};
  if (launch.supervisor == Launch::Supervisor::init) launch_init(launch);
  launch_application(launch);
}

}  // namespace slipway
