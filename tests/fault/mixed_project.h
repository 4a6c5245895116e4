#pragma once

#include <string>
#include <vector>

#include "integration/project.h"

// Twelve revisions of every kind, and what must hold of a database that they were run on, whatever happened meanwhile.
// Each writes a row into `audit`, which nothing makes unique.

namespace slipway::fixture {

class MixedProject : public Project {
 public:
  explicit MixedProject(Postgres& server = shared_postgres());

  // Of the version table, the journal (but for times, ids and processes), the audit rows and the schema (pg_dump), a
  // text that is the same for every database on which each revision happened exactly once.
  std::string state() const;

  // That of an undisturbed run, on a database of its own. Made once for a server.
  static const std::string& expected_state(Postgres& server = shared_postgres());
};

// Whether all faults are wanted, and not the short form: `./dev fault` sets SLIPWAY_FAULTS=all.
bool all_faults();

}  // namespace slipway::fixture
