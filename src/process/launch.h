#pragma once

#include <string>
#include <vector>

#include <signal.h>

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

// Executes it. To be called with the signals that stop slipway still blocked: one that has arrived and was not looked
// at goes to slipway-init, which forwards it to the application, so that between the two none is lost.
//
// Descriptors that are not to be handed on are close-on-exec already. Throws Error (not_found, not_executable) with the
// reason where this program could not be replaced; the mask of blocked signals is as before then.
[[noreturn]] void launch(const Launch& launch);

}  // namespace slipway
