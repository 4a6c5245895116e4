#pragma once

#include <string>
#include <vector>

#include "context.h"

namespace slipway {

// What the selectors name together, each revision once, in the order they were typed in; `current` asks the database.
// Throws Error (usage) where one of them names nothing.
std::vector<Position> named_revisions(Context& context, const std::vector<std::string>& selectors);

}  // namespace slipway
