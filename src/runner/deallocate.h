#pragma once

#include <span>
#include <string>

#include "sql/quoting.h"

namespace slipway {

// A statement that deallocates those of the named prepared statements that exist; empty if there are no names. A plain
// DEALLOCATE fails for a name that does not exist, and DEALLOCATE ALL would remove the statements that other clients
// have prepared on a pooler's connection.
std::string deallocate(const Quoting& quoting, std::span<const std::string> names);

}  // namespace slipway
