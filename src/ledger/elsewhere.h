#pragma once

#include <functional>
#include <string>
#include <vector>

#include "database/session.h"
#include "revision/revision.h"

// Tables of the ledger's names in other schemas than the one in which they were looked for. If a search path was
// changed since, it leads past the ledger, which then looks as if nothing was ever applied.

namespace slipway {

// What to look for.
struct LedgerTables {
  std::string version_table;
  std::string journal;
};

struct LedgerElsewhere {
  enum class Kind { version_table, journal };  // a journal that has no version table beside it
  Kind kind = Kind::version_table;
  std::string table;
  std::string schema;
  bool is_readable = false;
  std::vector<RevisionId> revisions{};  // that it says are applied; none if it can't be read
};

// A query for them, and what it answers. `schema` is an SQL expression: the schema that they are not looked for in.
std::string select_elsewhere(const Quoting& quoting, const LedgerTables& tables, const std::string& schema);
std::vector<LedgerElsewhere> elsewhere(const Rows& answer);

// Adds what they say is applied. `ask` sends one question in a transaction of its own.
using Ask = std::function<Outcome(const std::string& question)>;
void read_revisions(std::vector<LedgerElsewhere>& found, const Quoting& quoting, const Ask& ask);

}  // namespace slipway
