#pragma once

#include <span>
#include <string>

#include "base/text.h"
#include "error/error.h"
#include "graph/graph.h"

// What is wrong with what a person typed to name revisions: an Error with usage, and the parts of its sentences.

namespace slipway {

Error usage_error(const std::string& message, std::string hint = {});

// The ids, with commas. Long lists help nobody: the first ten, and how many more there are.
std::string listed(const Graph& graph, std::span<const Position> positions);

}  // namespace slipway
