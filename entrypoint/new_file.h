#pragma once

#include <string>
#include <vector>

#include "context.h"

// What `create` and `merge` share: a new revision's file.

namespace CLI {
class App;
}

namespace slipway {

struct NewFile {
  std::string message;
  std::string id;
  std::string location;
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  bool splice = false;

  void add_to(CLI::App& command);
};

// The graph of the folders that exist. The first revision may be written into a folder that does not exist yet.
Graph graph_to_extend(Context& context);

// Writes the file into the folder of its first parent, or into the one that --location names, and prints its path.
// Throws Error (usage) if the id or a label is taken, or if the folder is not clear.
void write_file(Context& context, const Graph& graph, const NewFile& file, const std::vector<RevisionId>& parents);

}  // namespace slipway
