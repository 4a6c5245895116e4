#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

// The text that a user types to name revisions, with Alembic's meaning:
//
//   head heads base   the one head; all real heads; before the first revision
//   ID LABEL          a revision: by its id, by the branch label that it declares, or by a unique beginning of an id or
//                     label that has four or more characters
//   +N -N             N revisions up or down from where the command starts to count
//   ID+N ID-N         N revisions up or down from a revision
//   BRANCH@any        any of the above on one branch; BRANCH is a label or an id
//
// If a selector names nothing, or several revisions if one is required, or one that can't be reached, an Error with
// usage says why and lists what the user may have meant.

namespace slipway {

struct Selector {
  std::string text;                   // as typed
  std::optional<std::string> branch;  // what stands before the `@`
  std::optional<std::string> name;    // head, heads, base, or what begins an id or a label
  std::optional<int> steps;           // N; negative downwards

  // Throws Error with usage if `text` is not a selector.
  static Selector parse(std::string_view text);
};

// The revision that `name` names, on the branch if one is given. No symbols, no steps.
Position locate(const Graph& graph, std::string_view name);
Position locate(const Graph& graph, std::string_view name, const std::string& branch);

// The lineage of a revision: itself, and its ancestors and descendants through `revises`. BRANCH in BRANCH@any stands
// for it.
RevisionSet lineage(const Graph& graph, Position of);
RevisionSet lineage(const Graph& graph, const std::string& branch);

// The members of the set that no other member revises. Of what is applied, these are the tips of the branches, which
// `current` lists: the rows of the version table, and what has no row because another branch depends on it.
std::vector<Position> branch_tips(const Graph& graph, const RevisionSet& set);

// The revisions of an absolute selector, for upgrade, stamp, merge, show, edit; none for base. A selector of
// steps alone, -N or BRANCH@-N, counts from the heads of the graph, as Alembic has it where no database is
// asked.
std::vector<Position> resolve_revisions(const Graph& graph, const Selector& selector);
std::vector<RevisionId> resolve_revisions(const Graph& graph, std::string_view selector);

// The one revision of an absolute selector; nothing for base.
std::optional<Position> resolve_revision(const Graph& graph, const Selector& selector);

// What to do if a walk finds fewer revisions than it should.
enum class Short {
  refused,   // an Error with usage
  accepted,  // it ends where the graph ends
};

// Walks of N > 0 steps along `revises`, on the selector's branch if it names one. Nothing stands for base: below the
// bases. Where a walk has several ways to go, an Error with usage lists them.
std::optional<Position> walk_up(const Graph& graph, std::optional<Position> from, int steps, const Selector& selector,
                                Short end = Short::refused);
std::optional<Position> walk_down(const Graph& graph, Position from, int steps, const Selector& selector,
                                  Short end = Short::refused);

// Which of the rows of a version table +N and BRANCH@+N count from; nothing for base. An Error with usage if there
// are several.
std::optional<Position> start_of_walk_up(const Graph& graph, std::span<const Position> rows, const Selector& selector);

}  // namespace slipway
