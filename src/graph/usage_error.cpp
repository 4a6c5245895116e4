#include "graph/usage_error.h"

#include <algorithm>
#include <utility>

namespace slipway {

Error usage_error(const std::string& message, std::string hint) {
  return Error{ExitCode::usage, message, std::move(hint)};
}

std::string listed(const Graph& graph, std::span<const Position> positions) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, positions.size()); ++i)
    text += (i == 0 ? "" : ", ") + graph[positions[i]].id.str();
  if (positions.size() > most) text += " and " + std::to_string(positions.size() - most) + " more";
  return text;
}

}  // namespace slipway
