#pragma once

#include <string>
#include <vector>

#include "context.h"

namespace slipway {

// All revisions that the selectors name, each once, in the order in which they were given. `current` asks the database.
// Throws Error (usage) if a selector names no revision.
std::vector<Position> named_revisions(Context& context, const std::vector<std::string>& selectors);

}  // namespace slipway
