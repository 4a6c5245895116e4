#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// The links between nodes that are numbers, in one flat array, so that ten thousand revisions need two allocations and
// a sweep over them stays in the cache.

namespace slipway {

// A revision's place in its graph: everything that it revises or depends on has a lower one.
using Position = std::uint32_t;

class Adjacency {
 public:
  Adjacency() = default;

  explicit Adjacency(const std::vector<std::vector<Position>>& neighbours) {
    ends_.reserve(neighbours.size());
    for (const std::vector<Position>& list : neighbours) {
      all_.insert(all_.end(), list.begin(), list.end());
      ends_.push_back(all_.size());
    }
  }

  // In the order in which they were given.
  std::span<const Position> operator[](Position node) const noexcept {
    const std::size_t begin = node == 0 ? 0 : ends_[node - 1];
    return std::span{all_}.subspan(begin, ends_[node] - begin);
  }

  // The same links seen from their other ends; neighbours in ascending order.
  Adjacency reversed() const {
    std::vector<std::vector<Position>> back(ends_.size());
    for (Position node = 0; node < ends_.size(); ++node)
      for (const Position neighbour : (*this)[node])
        back[neighbour].push_back(node);
    return Adjacency{back};
  }

 private:
  std::vector<Position> all_;
  std::vector<std::size_t> ends_;
};

}  // namespace slipway
