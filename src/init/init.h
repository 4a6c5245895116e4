#pragma once

#include <span>

#include "process/signals.h"

// slipway-init: PID 1 for one application. docs/pid1.md says what it does and why.
//
// The program is static and lives as long as the application, so it links only a few rooms, and no log library and no
// database.

namespace slipway {

// The whole program: reads the options, starts the application, supervises it, and returns the exit code. All signals
// are to be blocked; `mask` is what was blocked before. `arguments` are without the program's own name. Throws Error
// if the application was not started.
int run_init(std::span<const char* const> arguments, std::span<const char* const> environment, SignalSet mask);

}  // namespace slipway
