#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "revision/revision.h"

// The rows of the version table: the topmost applied revisions. A value: sorted, each id once. It need not match a
// graph; Graph::unknown() returns the rows that do not.

namespace slipway {

class Heads {
 public:
  Heads() = default;
  Heads(std::initializer_list<RevisionId> ids);
  explicit Heads(std::vector<RevisionId> ids);

  bool contains(const RevisionId& id) const noexcept;
  void insert(const RevisionId& id);  // nothing happens if it is a member already
  void erase(const RevisionId& id);   // nothing happens if it is not a member

  bool empty() const noexcept { return ids_.empty(); }
  std::size_t size() const noexcept { return ids_.size(); }
  auto begin() const noexcept { return ids_.begin(); }
  auto end() const noexcept { return ids_.end(); }

  std::string str() const;  // "a, b", or "base" if nothing is applied

  friend bool operator==(const Heads&, const Heads&) = default;

 private:
  std::vector<RevisionId> ids_;
};

}  // namespace slipway
