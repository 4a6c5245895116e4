#include "graph/shape.h"

#include <sstream>

namespace slipway::test {

std::vector<Revision> revisions(std::initializer_list<std::string> lines) {
  std::vector<Revision> result;
  for (const std::string& line : lines) {
    std::istringstream words{line};
    std::string id;
    words >> id;
    const SourceLocation location{.file = "migrations/" + id + ".sql", .line = 2};
    Revision revision{.id = RevisionId{id},
                      .revises = {},
                      .depends_on = {},
                      .branch_labels = {},
                      .message = "message of " + id,
                      .created = {},
                      .location = location,
                      .revises_line = 3,
                      .upgrade = {},
                      .downgrade = Script{}};
    std::vector<std::string>* list = &revision.revises;
    for (std::string word; words >> word;) {
      if (word == "<-")
        list = &revision.revises;
      else if (word == ";")
        list = &revision.depends_on;
      else if (word == "#")
        list = &revision.branch_labels;
      else
        list->push_back(word);
    }
    result.push_back(std::move(revision));
  }
  return result;
}

}  // namespace slipway::test
