#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "graph/adjacency.h"
#include "graph/heads.h"
#include "graph/revision_set.h"
#include "revision/revision.h"

// All revisions of the migrations folders as a directed acyclic graph. Pure: it uses neither disk nor database.
//
// A revision is linked to its parents (what it revises) and to its dependencies (what it depends on). Both must be
// applied before it; only parents make a branch or a merge. The terms are Alembic's:
//
//   base            revises nothing
//   head            nothing revises it
//   effective head  a head that something depends on
//   real head       a head that nothing depends on: what the version table holds when all is applied
//   branch point    several revisions revise it
//   merge           it revises several
//
// The revisions stand in the order in which they can be applied: parents and dependencies first, the lower id
// first between those that do not build on one another. The order depends on nothing else, so it is the same
// everywhere.
//
// A graph never changes. It can be moved, not copied. Pointers into it stay valid when it is moved. Reading it from
// several threads is safe.

namespace slipway {

enum class Edges {
  revises,  // parents alone
  all,      // parents and dependencies
};

class Graph {
 public:
  // Throws Error with bad_migrations, naming file and line of everything that is wrong: ids that are used
  // twice or can't be selected, unknown or ambiguous parents and dependencies, labels that are used twice,
  // cycles.
  //
  // A parent is named by its id, or by four or more characters that begin one id alone; a dependency also by
  // a branch label, which stands for the revision that declares it.
  static Graph link(std::vector<Revision> revisions);

  Graph(Graph&&) = default;
  Graph& operator=(Graph&&) = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() = default;

  std::size_t size() const noexcept { return revisions_.size(); }
  bool empty() const noexcept { return revisions_.empty(); }
  auto begin() const noexcept { return revisions_.begin(); }
  auto end() const noexcept { return revisions_.end(); }
  const Revision& operator[](Position position) const noexcept { return revisions_[position]; }

  // By full id. at() throws Error with internal if there is none: what a person typed goes through
  // selector.h.
  bool contains(const RevisionId& id) const { return position(id).has_value(); }
  const Revision* find(const RevisionId& id) const;
  const Revision& at(const RevisionId& id) const;
  std::optional<Position> position(const RevisionId& id) const;

  std::vector<RevisionId> ids(std::span<const Position> positions) const;

  // Neighbours: parents and dependencies as written, children and dependents in the order of the graph.
  std::vector<RevisionId> parents(const RevisionId& id) const;
  std::vector<RevisionId> dependencies(const RevisionId& id) const;
  std::vector<RevisionId> children(const RevisionId& id) const;
  std::vector<RevisionId> dependents(const RevisionId& id) const;
  std::span<const Position> parents(Position p) const noexcept { return parents_[p]; }
  std::span<const Position> dependencies(Position p) const noexcept { return dependencies_[p]; }
  std::span<const Position> children(Position p) const noexcept { return children_[p]; }
  std::span<const Position> dependents(Position p) const noexcept { return dependents_[p]; }
  // Parents and dependencies, children and dependents; each once.
  std::span<const Position> below(Position p) const noexcept { return below_[p]; }
  std::span<const Position> above(Position p) const noexcept { return above_[p]; }

  bool is_base(Position p) const noexcept { return parents(p).empty(); }
  bool is_head(Position p) const noexcept { return children(p).empty(); }
  bool is_real_head(Position p) const noexcept { return above(p).empty(); }
  bool is_branch_point(Position p) const noexcept { return children(p).size() > 1; }
  bool is_merge(Position p) const noexcept { return parents(p).size() > 1; }

  Heads heads() const;                       // the real heads
  std::vector<Position> line_heads() const;  // the heads, effective ones included
  std::vector<Position> bases() const;

  // The given revisions and all below or above them.
  RevisionSet ancestors(std::span<const Position> of, Edges edges) const;
  RevisionSet descendants(std::span<const Position> of, Edges edges) const;

  // The revisions that the rows of the version table imply: each row and all that it builds on. Unknown rows are
  // ignored.
  RevisionSet applied(const Heads& current) const;

  // The rows that this graph does not know: the database is ahead of the folder, or another project's.
  std::vector<RevisionId> unknown(const Heads& current) const;

  // An id or a branch label, for what selects by name. Sorted by text.
  struct Name {
    std::string_view text;
    Position position;  // of the revision with that id, or that declares the label
    enum class Kind { id, label } kind;
  };
  std::span<const Name> names() const noexcept { return names_; }
  const Name* name(std::string_view text) const;  // exactly; null if there is none
  std::span<const Name> names_beginning(std::string_view prefix) const;

 private:
  friend class Linker;
  Graph() = default;

  std::vector<Revision> revisions_;
  std::vector<Name> names_;
  Adjacency parents_, dependencies_, below_;
  Adjacency children_, dependents_, above_;
};

}  // namespace slipway
