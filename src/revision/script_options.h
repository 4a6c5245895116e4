#pragma once

#include <string_view>

#include "revision/revision.h"

// The options of a marker line, `name:value` with spaces between them: `transaction:false lock_timeout:10s`. They apply
// only to the script under that marker.
//
//   transaction        true or false (dbmate's option)
//   lock_timeout       overrides the setting for this script
//   statement_timeout  overrides the setting for this script
//
// A timeout is written as in the settings (base/duration.h).

namespace slipway {

// Returns a script with these options and no text. Throws Error (bad_migrations) if an option is unknown or given
// twice, or if a value is invalid.
Script script_with_options(std::string_view options, const SourceLocation& where);

}  // namespace slipway
