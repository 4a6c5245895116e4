#include "revision/script_check.h"

#include <algorithm>
#include <array>
#include <string>

#include "revision/bad_migration.h"
#include "sql/statement.h"

namespace slipway {
namespace {

// The statements that a script must not contain, and what to do about them.
struct Refusal {
  StatementKind kind;
  bool also_outside_transaction;  // otherwise only in a script that runs in one
  const char* what;
  const char* fix;
};
constexpr std::array refusals{
    Refusal{StatementKind::psql_command, true, " is a psql command, which the server does not understand",
            "remove the line that begins with a backslash"},
    Refusal{StatementKind::copy_from_stdin, true, " needs data besides the SQL, which a migration can't provide",
            "write the rows as INSERT … VALUES, or load them with another tool"},
    Refusal{StatementKind::releases_locks, true, " would release the lock that makes other replicas wait",
            "write only the parts that you need: CLOSE ALL, RESET ALL, DEALLOCATE ALL, DISCARD TEMP …"},
    Refusal{
        StatementKind::transaction_control, false, " is not allowed in a script that runs in one transaction",
        "remove it, because slipway begins and commits the transaction; or run the script statement by statement: "},
    Refusal{StatementKind::outside_transaction, false, " can't run in a transaction",
            "run the script statement by statement, preferably with only this statement in it: "},
};

}  // namespace

void check_script(const Revision& revision, Direction direction, CheckFor purpose) {
  const Script* script =
      direction == Direction::upgrade ? &revision.upgrade : (revision.downgrade ? &*revision.downgrade : nullptr);
  if (script == nullptr) return;
  const bool in_transaction = script->transaction == Transaction::one;
  for (Statements statements{*script}; const auto statement = statements.next();) {
    const auto* refusal = std::ranges::find(refusals, statement->kind, &Refusal::kind);
    if (refusal == refusals.end() || !(in_transaction || refusal->also_outside_transaction)) continue;
    std::string fix = refusal->fix;
    if (!refusal->also_outside_transaction)
      fix += std::string{"`-- migrate:"} + (direction == Direction::upgrade ? "up" : "down") + " transaction:false`";
    throw bad_migration(script->at(statement->line), std::string{statement->name} + refusal->what, fix);
  }
  require_closed(*script, purpose);
}

void require_closed(const Script& script, CheckFor purpose) {
  const auto found = unread(script);
  if (!found || found->open.empty()) return;
  const ExitCode code = purpose == CheckFor::run ? ExitCode::migration_failed : ExitCode::bad_migrations;
  throw Error{code, script.at(found->line).str() + ": the " + found->open + " that begins here is never closed",
              "close it, then run again"};
}

}  // namespace slipway
