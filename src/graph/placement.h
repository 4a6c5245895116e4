#pragma once

#include <span>
#include <string>
#include <vector>

#include "error/error.h"
#include "graph/graph.h"

// The place of a new revision in the graph: what it revises and what it depends on. Pure; revision/new_revision.h
// writes the file.

namespace slipway {

enum class Splice {
  refused,  // a new revision follows heads
  allowed,  // or makes a branch from a revision that others revise already
};

// What a new revision revises: the revisions of the selectors, of `head` if there are none. `base` alone: nothing.
// Throws Error: usage if a selector names nothing, or no head and splicing is refused; bad_migrations if there
// are no selectors and several heads.
std::vector<RevisionId> parents_of_new(const Graph& graph, std::span<const std::string> selectors, Splice splice);

// What a merge revises: two revisions or more, none of which is implied by another. Throws Error (usage) otherwise.
std::vector<RevisionId> parents_of_merge(const Graph& graph, std::span<const std::string> selectors, Splice splice);

// As a file has them: a branch label as it is, everything else as full ids. Throws Error (usage).
std::vector<std::string> dependencies_of_new(const Graph& graph, std::span<const std::string> selectors);

// Throws Error (usage) if an id or a label of a new revision is taken already.
void require_unused(const Graph& graph, const std::string& name);

// What `revision` is to revise when it is moved onto the selector's; nothing for base. Throws Error: usage if that
// builds on `revision` itself or names several; bad_migrations if `revision` is a merge, or its file does not say
// what it revises.
std::vector<RevisionId> parents_after_rebase(const Graph& graph, const RevisionId& revision, const std::string& onto);

// The error for several heads if one is required; its hint says how to join them.
Error several_heads(const Graph& graph);

}  // namespace slipway
