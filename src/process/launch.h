#pragma once

#include <string>
#include <vector>

#include <signal.h>

#include "process/application_place.h"

// The end of `slipway run`: this process executes slipway-init, which starts and supervises the application, or
// executes the application itself. The process id stays the same, and no memory of the preparation remains.

namespace slipway {

struct Launch {
  enum class Supervisor {
    init,  // slipway-init, found in the folder of this program, else in PATH
    none   // the application itself, which is then PID 1 if slipway is
  };

  std::vector<std::string> command{};      // of the application; not empty
  std::vector<std::string> environment{};  // of the application, "NAME=VALUE": Environment::strings()
  Supervisor supervisor = Supervisor::init;
  std::vector<std::string> init_options{};  // options for slipway-init's command line: init_option_table()
  sigset_t mask{};                          // the signals blocked for the application: StopSignals::inherited_mask()
};

// Checks that launch() will find slipway-init and the application, and may execute them, so that a misspelt command is
// reported before anything else is done. `place` comes from slipway-init's options; it is empty without slipway-init.
// Throws the Error that launch() would throw, with exit code 126 or 127. Reasons that only the kernel knows are left to
// launch().
void check_launch(const Launch& launch, const ApplicationPlace& place);

// Executes the program. Call it with the signals that stop slipway still blocked: a signal that has arrived and was not
// read goes to slipway-init, which forwards it to the application, so that no signal is lost in between.
//
// Descriptors that are not to be handed on are close-on-exec already. Throws Error (not_found, not_executable) with the
// reason if this program could not be replaced; the mask of blocked signals is as before then.
[[noreturn]] void launch(const Launch& launch);

}  // namespace slipway
