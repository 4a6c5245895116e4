#include "graph/heads.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace slipway {

Heads::Heads(std::initializer_list<RevisionId> ids) : Heads{std::vector<RevisionId>{ids}} {}

Heads::Heads(std::vector<RevisionId> ids) : ids_{std::move(ids)} {
  std::ranges::sort(ids_);
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
}

bool Heads::contains(const RevisionId& id) const noexcept {
  return std::ranges::binary_search(ids_, id);
}

void Heads::insert(const RevisionId& id) {
  const auto place = std::ranges::lower_bound(ids_, id);
  if (place == ids_.end() || *place != id) ids_.insert(place, id);
}

void Heads::erase(const RevisionId& id) {
  const auto place = std::ranges::lower_bound(ids_, id);
  if (place != ids_.end() && *place == id) ids_.erase(place);
}

std::string Heads::str() const {
  if (ids_.empty()) return "base";
  return join(ids_, ", ", &RevisionId::str);
}

}  // namespace slipway
