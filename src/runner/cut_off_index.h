#pragma once

#include <string>
#include <vector>

#include "database/session.h"
#include "revision/revision.h"
#include "sql/statement.h"

// What a CREATE INDEX CONCURRENTLY or a REINDEX CONCURRENTLY leaves behind that failed or was cut off (PostgreSQL:
// "Building Indexes Concurrently", "Rebuilding Indexes Concurrently").

namespace slipway {

struct InvalidIndex {
  std::string name;  // as SQL writes it
  // Another session holds the lock that a build takes on its table: it may be at work on this very index.
  bool may_be_under_way = false;
};

struct CutOffIndex {
  // They cost every write and serve no query: they go before the next try.
  std::vector<InvalidIndex> invalid;
  // The index was built to its end, and only the record of that is missing.
  bool complete = false;
  // PostgreSQL made its name up, so that the INVALID ones on its table are merely suspects.
  bool nameless = false;
};

// Warns of all INVALID indexes of the database that nobody may be building: a script that failed, and is not at hand
// any more, may have left them. Throws as Session::query.
void warn_of_invalid_indexes(Session& session, const RevisionId& revision);

// Of a statement of another kind there is nothing. Throws as Session::query.
CutOffIndex left_by(Session& session, const Statement& statement);

// Whether a second run of the statement, after what is left of the first was dropped, does what one alone does.
bool can_be_repeated(const Statement& statement);

}  // namespace slipway
