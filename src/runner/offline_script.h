#pragma once

#include <optional>
#include <string>

#include "graph/plan.h"
#include "graph/stamp.h"
#include "ledger/ledger.h"
#include "settings/run_policy.h"

// A plan as a script for psql, written without a database, for users who may not run migrations themselves or want to
// read them first. It does what the runner would do, and refuses what the runner would refuse:
//
// - each revision in a transaction of its own with its record, under the lock of all writers of the version table;
// - no revision unless the version table is where the plan begins, so nothing runs twice or on another database;
// - a script without a transaction statement by statement, and its record behind it. If it is cut off, nothing tells
//   how far it came: that needs the runner.

namespace slipway {

struct OfflineScript {
  const Ledger& ledger;
  std::optional<std::string> schema;  // of the version table; absent: where the search path finds it
  std::optional<std::string> role;
  RunPolicy policy;
};

// Both throw Error (bad_migrations) if a script can't be run as it stands, before anything is returned.
std::string as_script(const OfflineScript& how, const Graph& graph, const Plan& plan);
std::string as_script(const OfflineScript& how, const Graph& graph, const Stamp& stamp);

}  // namespace slipway
