#pragma once

#include <span>
#include <string>

#include "sql/quoting.h"

namespace slipway {

// A statement that deallocates the prepared statements of these names, as far as there are any; empty for no name. One
// that is not there would make a plain DEALLOCATE fail, and DEALLOCATE ALL would take away what others have prepared on
// a pooler's connection.
std::string deallocate(const Quoting& quoting, std::span<const std::string> names);

}  // namespace slipway
