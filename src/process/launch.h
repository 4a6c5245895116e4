#pragma once

#include <string>
#include <vector>

#include <signal.h>

#include "process/application_place.h"

// The end of `slipway run`: this process becomes slipway-init, which starts the application and supervises it, or
// becomes the application itself. The process id stays, and nothing of the preparation is left in memory.

namespace slipway {

struct Launch {
  enum class Supervisor {
    init,  // slipway-init, found beside this program, else in PATH
    none   // the application itself, which is then PID 1 where slipway is
  };

  std::vector<std::string> command{};      // of the application; not empty
  std::vector<std::string> environment{};  // of the application, "NAME=VALUE": Environment::strings()
  Supervisor supervisor = Supervisor::init;
  std::vector<std::string> init_options{};  // for slipway-init, as its own command line has them: init_option_table()
  sigset_t mask{};                          // the signals blocked for the application: StopSignals::inherited_mask()
};

// Looks whether launch() will find slipway-init and the application, and may execute them: so that a misspelt command
// is told of before anything else is done. `place` is what slipway-init's options say; it is empty without
// slipway-init. Throws the Error that the launch would end with, 126 or 127. What only the kernel can tell is found out
// by the launch.
void check_launch(const Launch& launch, const ApplicationPlace& place);

// Executes it. To be called with the signals that stop slipway still blocked: one that has arrived and was not looked
// at goes to slipway-init, which forwards it to the application, so that between the two none is lost.
//
// Descriptors that are not to be handed on are close-on-exec already. Throws Error (not_found, not_executable) with the
// reason if this program could not be replaced; the mask of blocked signals is as before then.
[[noreturn]] void launch(const Launch& launch);

}  // namespace slipway
