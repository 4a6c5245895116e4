#pragma once

#include <string>
#include <string_view>

#include "integration/project.h"

// A project with a graph of revisions: each makes a table of its own name, so that what ran shows in the database.

namespace slipway::fixture {

// What stands in a revision's header beside its id: "revises: a1, b1\ndepends-on: c1".
void write_revision(Project& project, const std::string& id, std::string_view fields, const std::string& folder = {});

// The shop of docs/branches.md: two teams, a line each, and a dependency from the one on the other.
//
//     core       a100 ─── a200
//                  ╎ depends-on
//     billing    b100 ─── b200
class Shop : public Project {
 public:
  Shop();

  void merge();  // c100 revises a200 and b200
};

}  // namespace slipway::fixture
