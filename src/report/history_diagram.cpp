#include <algorithm>

#include "report/history_picture.h"

namespace slipway {
namespace {

// Newest first, as in `history`: both languages draw the first node on top.
std::vector<Position> newest_first(std::span<const Position> listed) {
  return {listed.rbegin(), listed.rend()};
}

struct States {
  RevisionSet done;
  Heads rows;

  const char* of(const Graph& graph, Position p) const {
    return rows.contains(graph[p].id) ? "current" : done.contains(p) ? "applied" : "pending";
  }
};

std::optional<States> states(const Graph& graph, const std::optional<AppliedHistory>& applied) {
  if (!applied) return std::nullopt;
  return States{graph.applied(applied->ledger.heads), applied->ledger.heads};
}

RevisionSet set_of(const Graph& graph, std::span<const Position> listed) {
  RevisionSet set{graph};
  for (const Position p : listed)
    set.insert(p);
  return set;
}

std::string replaced(std::string text, char what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, 1, with);
  return text;
}

std::string for_dot(const std::string& text) {
  return replaced(replaced(text, '\\', "\\\\"), '"', "\\\"");
}

// Mermaid's entities; `#` and `;` delimit them (its "Entity codes to escape characters").
std::string for_mermaid(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const std::string_view special = "#;\"<>&`";
    escaped +=
        special.find(c) == std::string_view::npos ? std::string{c} : "#" + std::to_string(static_cast<int>(c)) + ";";
  }
  return escaped;
}

std::string labels_of(const Revision& revision) {
  std::string text;
  for (const std::string& label : revision.branch_labels)
    text += (text.empty() ? " (" : ", ") + label;
  return text.empty() ? text : text + ")";
}

}  // namespace

std::string history_as_dot(const Graph& graph, std::span<const Position> listed,
                           const std::optional<AppliedHistory>& applied) {
  const std::optional<States> known = states(graph, applied);
  const RevisionSet set = set_of(graph, listed);
  std::string text =
      "digraph revisions {\n  rankdir=TB;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, "
      "fontname=\"sans-serif\"];\n";
  for (const Position p : newest_first(listed)) {
    const Revision& revision = graph[p];
    text += "  \"" + revision.id.str() + "\" [label=\"" + revision.id.str() + for_dot(labels_of(revision)) + "\\n" +
            for_dot(revision.message) + "\"";
    if (known) {
      const std::string state = known->of(graph, p);
      if (state == "pending") text += ", style=\"rounded,dashed\"";
      if (state == "applied") text += ", fillcolor=\"#dcefe3\"";
      if (state == "current") text += ", fillcolor=\"#8fd3a8\", penwidth=2";
    }
    text += "];\n";
    for (const Position parent : graph.parents(p))
      if (set.contains(parent)) text += "  \"" + revision.id.str() + "\" -> \"" + graph[parent].id.str() + "\";\n";
    for (const Position dependency : graph.dependencies(p))
      if (set.contains(dependency))
        text += "  \"" + revision.id.str() + "\" -> \"" + graph[dependency].id.str() +
                "\" [style=dashed, constraint=false];\n";
  }
  return text + "}\n";
}

std::string history_as_mermaid(const Graph& graph, std::span<const Position> listed,
                               const std::optional<AppliedHistory>& applied) {
  const std::optional<States> known = states(graph, applied);
  const RevisionSet set = set_of(graph, listed);
  // A node's name is its number, because some ids would be keywords of Mermaid, such as `end`.
  const auto node = [](Position p) { return "r" + std::to_string(p); };
  std::string text = "flowchart TB\n";
  for (const Position p : newest_first(listed)) {
    const Revision& revision = graph[p];
    text += "  " + node(p) + "[\"" + revision.id.str() + for_mermaid(labels_of(revision)) + "<br>" +
            for_mermaid(revision.message) + "\"]" + (known ? std::string{":::"} + known->of(graph, p) : "") + "\n";
    for (const Position parent : graph.parents(p))
      if (set.contains(parent)) text += "  " + node(p) + " --> " + node(parent) + "\n";
    for (const Position dependency : graph.dependencies(p))
      if (set.contains(dependency)) text += "  " + node(p) + " -.-> " + node(dependency) + "\n";
  }
  if (known)
    text +=
        "  classDef current fill:#8fd3a8,stroke:#14532d,stroke-width:2px,color:#111\n"
        "  classDef applied fill:#dcefe3,stroke:#3f7d58,color:#111\n"
        "  classDef pending fill:#fff,stroke:#888,stroke-dasharray:4 3,color:#111\n";
  return text;
}

}  // namespace slipway
