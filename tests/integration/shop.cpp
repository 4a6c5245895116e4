#include "integration/shop.h"

#include <sstream>

namespace slipway::fixture {

void write_revision(Project& project, const std::string& id, std::string_view fields, const std::string& folder) {
  std::string text = "-- Make " + id + "\n-- revision: " + id + "\n";
  std::istringstream lines{std::string{fields}};
  for (std::string line; std::getline(lines, line);)
    text += "-- " + line + "\n";
  text += "-- migrate:up\nCREATE TABLE " + id + " (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE " + id + ";\n";
  project.write_file((folder.empty() ? "migrations" : folder) + "/" + id + ".sql", text);
}

Shop::Shop() {
  write_revision(*this, "a100", "revises:\nbranch-labels: core");
  write_revision(*this, "a200", "revises: a100");
  write_revision(*this, "b100", "revises:\ndepends-on: a100\nbranch-labels: billing");
  write_revision(*this, "b200", "revises: b100");
}

void Shop::merge() {
  write_revision(*this, "c100", "revises: a200, b200");
}

}  // namespace slipway::fixture
