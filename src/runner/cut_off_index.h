#pragma once

#include <string>
#include <vector>

#include "database/session.h"
#include "revision/revision.h"
#include "sql/statement.h"

// The indexes that a failed or interrupted CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY leaves behind (PostgreSQL:
// "Building Indexes Concurrently", "Rebuilding Indexes Concurrently").

namespace slipway {

struct InvalidIndex {
  std::string name;  // as an SQL identifier
  // Another session holds the lock that an index build takes on the table, so it may be building this index.
  bool may_be_under_way = false;
};

struct CutOffIndex {
  // They slow down writes and serve no query, so they are dropped before the next attempt.
  std::vector<InvalidIndex> invalid;
  // The index is complete, and only its record in the journal is missing.
  bool complete = false;
  // PostgreSQL chose its name, so it is only likely that an INVALID index on the table is this one.
  bool nameless = false;
};

// Warns of all INVALID indexes of the database that no session may be building. A failed script that is no longer in
// the folder may have left them. Throws as Session::query.
void warn_of_invalid_indexes(Session& session, const RevisionId& revision);

// Empty for any other statement. Throws as Session::query.
CutOffIndex left_by(Session& session, const Statement& statement);

// Whether the statement can run a second time, after the remains of the first run were dropped, with the same result.
bool can_be_repeated(const Statement& statement);

}  // namespace slipway
