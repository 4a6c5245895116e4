#include "graph/revision_set.h"

#include <algorithm>
#include <iterator>

#include "graph/graph.h"

namespace slipway {

RevisionSet::RevisionSet(const Graph& graph) : graph_{&graph}, members_(graph.size()) {}

bool RevisionSet::contains(const RevisionId& id) const {
  const std::optional<Position> position = graph_->position(id);
  return position && members_[*position];
}

bool RevisionSet::empty() const {
  return std::ranges::find(members_, true) == members_.end();
}

std::size_t RevisionSet::size() const {
  return static_cast<std::size_t>(std::ranges::count(members_, true));
}

std::vector<Position> RevisionSet::positions() const {
  std::vector<Position> result;
  for (Position position = 0; position < members_.size(); ++position)
    if (members_[position]) result.push_back(position);
  return result;
}

std::vector<RevisionId> RevisionSet::ids() const {
  std::vector<RevisionId> result;
  for (const Position position : positions())
    result.push_back((*graph_)[position].id);
  return result;
}

std::vector<Position> RevisionSet::filter(std::span<const Position> positions) const {
  std::vector<Position> members;
  std::ranges::copy_if(positions, std::back_inserter(members), [&](Position position) { return contains(position); });
  return members;
}

RevisionSet& RevisionSet::operator|=(const RevisionSet& other) {
  for (Position position = 0; position < members_.size(); ++position)
    if (other.members_[position]) members_[position] = true;
  return *this;
}

RevisionSet& RevisionSet::operator&=(const RevisionSet& other) {
  for (Position position = 0; position < members_.size(); ++position)
    if (!other.members_[position]) members_[position] = false;
  return *this;
}

RevisionSet& RevisionSet::operator-=(const RevisionSet& other) {
  for (Position position = 0; position < members_.size(); ++position)
    if (other.members_[position]) members_[position] = false;
  return *this;
}

}  // namespace slipway
