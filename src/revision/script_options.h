#pragma once

#include <string_view>

#include "revision/revision.h"

// The options of a marker line, `name:value` with blanks between them: `transaction:false lock_timeout:10s`.
// Each counts for the script under that marker alone.
//
//   transaction        true or false (dbmate's option)
//   lock_timeout       instead of the setting, for this script
//   statement_timeout  instead of the setting, for this script
//
// A timeout is written as in the settings (base/duration.h).

namespace slipway {

// A script without text, with these options. Throws Error (bad_migrations) on an unknown option, a bad value, an option
// given twice.
Script script_with_options(std::string_view options, const SourceLocation& where);

}  // namespace slipway
