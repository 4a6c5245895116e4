#pragma once

// The exit codes of slipway and slipway-init. docs/exit-codes.md has a page on them.
//
// Before the application runs they are those of sysexits.h, so that an orchestrator can distinguish a mistake from a
// database that is away. Once it runs, the exit code is the application's own.

namespace slipway {

enum class ExitCode : int {
  success = 0,
  negative = 1,            // the answer of `check`, `health` or `current --check-heads` is no
  usage = 64,              // EX_USAGE: the command line is wrong
  bad_migrations = 65,     // EX_DATAERR: the migrations folder, or what it means for this database, is wrong
  unavailable = 69,        // EX_UNAVAILABLE: the database was not available in time
  internal = 70,           // EX_SOFTWARE: internal error
  migration_failed = 73,   // EX_CANTCREAT: a migration failed and was rolled back
  not_written = 74,        // EX_IOERR: the result could not be written to stdout
  try_again = 75,          // EX_TEMPFAIL: a lock was not obtained in time
  access_refused = 77,     // EX_NOPERM: the database refused the role, the password or a privilege
  bad_configuration = 78,  // EX_CONFIG: a setting is wrong
  not_executable = 126,    // the application was found but can't be executed, as a shell has it
  not_found = 127,         // the application was not found, as a shell has it
};

// The exit code of a process that a signal ended, as shells have it: 128+N.
constexpr ExitCode killed_by(int signal) {
  return static_cast<ExitCode>(128 + signal);
}

}  // namespace slipway
