#pragma once

#include <span>
#include <string>

#include "base/text.h"
#include "error/error.h"
#include "graph/graph.h"

// The Error (usage) for a selector that can't be used, and the parts of its sentences.

namespace slipway {

Error usage_error(const std::string& message, std::string hint = {});

// The ids, with commas: the first ten, and how many more there are.
std::string listed(const Graph& graph, std::span<const Position> positions);

}  // namespace slipway
