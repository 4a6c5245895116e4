#include <sstream>

#include "report/drawing.h"
#include "report/history_picture.h"
#include "report/lines.h"

namespace slipway {
namespace {

std::string nodes(const Graph& graph, const std::optional<AppliedHistory>& applied) {
  std::string nodes(graph.size(), '*');
  if (!applied) return nodes;
  const Heads& rows = applied->ledger.heads;
  const RevisionSet done = graph.applied(rows);
  for (Position p = 0; p < graph.size(); ++p)
    nodes[p] = rows.contains(graph[p].id) ? '@' : done.contains(p) ? '*' : 'o';
  return nodes;
}

// Puts the first line of the text beside the node, and the others beside the lanes that continue.
std::string beside(const RowText& row, const std::string& text) {
  std::istringstream lines{text};
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    std::string whole = (result.empty() ? row.node : row.beside) + line;
    whole.erase(whole.find_last_not_of(' ') + 1);
    result += whole + "\n";
  }
  return result;
}

}  // namespace

std::string history_as_drawing(const Graph& graph, std::span<const Position> listed,
                               const std::optional<AppliedHistory>& applied, Detail detail) {
  const RevisionLines lines{graph, applied ? applied->ledger.heads : Heads{}};
  std::string text;
  for (const RowText& row : as_text(draw(graph, listed, Drawn::parents), nodes(graph, applied))) {
    for (const std::string& line : row.above)
      text += line + "\n";
    text += beside(row, detail == Detail::blocks ? lines.block(row.revision) + "\n" : lines.drawn(row.revision) + "\n");
    for (const std::string& line : row.below)
      text += line + "\n";
  }
  return text;
}

}  // namespace slipway
