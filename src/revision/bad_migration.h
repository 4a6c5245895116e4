#pragma once

#include <string>

#include "error/error.h"
#include "revision/revision.h"

// The error for a mistake in a migration: "file:line: what is wrong", a hint, and exit code 65.

namespace slipway {

[[nodiscard]] inline Error bad_migration(const SourceLocation& where, const std::string& what, std::string fix) {
  return Error{ExitCode::bad_migrations, where.str() + ": " + what, std::move(fix)};
}

}  // namespace slipway
