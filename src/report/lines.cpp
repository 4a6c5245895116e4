#include "report/lines.h"

#include <utility>

#include "base/text.h"

namespace slipway {
namespace {

std::string ids_of(const Graph& graph, std::span<const Position> positions) {
  return join(positions, ", ", [&graph](Position p) { return graph[p].id.str(); });
}

std::string in_brackets(const std::vector<std::string_view>& labels) {
  return labels.empty() ? "" : " (" + join(labels) + ")";
}

std::string parents(const Graph& graph, Position p) {
  return graph.is_base(p) ? "<base>" : ids_of(graph, graph.parents(p));
}

std::string head_marks(const Graph& graph, Position p) {
  return graph.is_real_head(p) ? " (head)" : graph.is_head(p) ? " (effective head)" : "";
}

std::string tree_marks(const Graph& graph, Position p) {
  return std::string{graph.is_branch_point(p) ? " (branchpoint)" : ""} + (graph.is_merge(p) ? " (mergepoint)" : "");
}

}  // namespace

RevisionLines::RevisionLines(const Graph& graph, Heads current)
    : graph_{graph}, current_{std::move(current)}, labels_{graph} {}

std::string RevisionLines::history(Position p) const {
  const Revision& revision = graph_[p];
  std::string text = parents(graph_, p);
  if (!revision.depends_on.empty()) text += " (" + join(revision.depends_on) + ")";
  return text + " -> " + head(p) + (current_.contains(revision.id) ? " (current)" : "") + tree_marks(graph_, p) + ", " +
         revision.message;
}

std::string RevisionLines::drawn(Position p) const {
  const Revision& revision = graph_[p];
  return head(p) + (current_.contains(revision.id) ? " (current)" : "") + ", " + revision.message;
}

std::string RevisionLines::head(Position p) const {
  return graph_[p].id.str() + in_brackets(labels_.of(p)) + head_marks(graph_, p);
}

std::string RevisionLines::current(Position p) const {
  return graph_[p].id.str() + head_marks(graph_, p) + tree_marks(graph_, p);
}

std::string RevisionLines::children(Position p, Message message) const {
  std::string text;
  for (const RevisionId& id : Heads{graph_.children(graph_[p].id)}) {
    const Position child = *graph_.position(id);
    text += std::string(graph_[p].id.str().size(), ' ') + " -> " + head(child) + tree_marks(graph_, child) +
            (message == Message::added ? ", " + graph_[child].message : "") + "\n";
  }
  return text;
}

std::string RevisionLines::branches(Position p) const {
  return head(p) + tree_marks(graph_, p) + "\n" + children(p, Message::left_out);
}

std::string RevisionLines::branches_in_full(Position p) const {
  return block(p) + "\n" + children(p, Message::added);
}

std::string RevisionLines::block(Position p) const {
  const Revision& revision = graph_[p];
  std::string text = "Rev: " + revision.id.str() + (graph_.is_head(p) ? " (head)" : "") + tree_marks(graph_, p) +
                     (current_.contains(revision.id) ? " (current)" : "") + "\n";
  text += (graph_.is_merge(p) ? "Merges: " : "Parent: ") + parents(graph_, p) + "\n";
  if (!revision.depends_on.empty()) text += "Also depends on: " + join(revision.depends_on) + "\n";
  if (graph_.is_branch_point(p)) {
    std::vector<RevisionId> children = graph_.children(revision.id);
    text += "Branches into: " + Heads{std::move(children)}.str() + "\n";
  }
  if (!labels_.of(p).empty()) text += "Branch names: " + join(labels_.of(p)) + "\n";
  text += "Path: " + revision.location.file.string() + "\n";
  return text + "\n" + (revision.message.empty() ? "" : "    " + revision.message) + "\n";
}

}  // namespace slipway
