#pragma once

#include <functional>
#include <string>
#include <vector>

#include "database/session.h"
#include "revision/revision.h"

// Tables with the ledger's names in schemas other than the one that was searched. If the search path was changed, it no
// longer leads to the ledger, and it would seem that nothing was ever applied.

namespace slipway {

// What to look for.
struct LedgerTables {
  std::string version_table;
  std::string journal;
};

struct LedgerElsewhere {
  enum class Kind { version_table, journal };  // a journal without a version table in its schema
  Kind kind = Kind::version_table;
  std::string table;
  std::string schema;
  bool is_readable = false;
  std::vector<RevisionId> revisions{};  // that it records as applied; empty if it can't be read
};

// A query for them, and its answer as values. `schema` is an SQL expression for the schema to leave out.
std::string select_elsewhere(const Quoting& quoting, const LedgerTables& tables, const std::string& schema);
std::vector<LedgerElsewhere> elsewhere(const Rows& answer);

// Reads the revisions that they record as applied. `ask` sends one query in its own transaction.
using Ask = std::function<Outcome(const std::string& question)>;
void read_revisions(std::vector<LedgerElsewhere>& found, const Quoting& quoting, const Ask& ask);

}  // namespace slipway
