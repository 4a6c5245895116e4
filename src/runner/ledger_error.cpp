#include "runner/ledger_error.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "database/role_refusal.h"
#include "ledger/statements.h"

namespace slipway {
namespace {

// The first row that fits decides. An empty SQLSTATE fits every one.
struct Row {
  Purpose purpose;
  std::string_view sqlstate;
  ExitCode exit_code;
  std::string_view before;  // the server's message
  std::string_view hint;
};

constexpr std::string_view grant =
    "grant the role that runs the migrations the privileges to create and write the version table and the journal, or "
    "choose another role with --role";
constexpr std::string_view another_schema =
    "remove the conflicting object from the database, or choose another schema with --version-schema";

constexpr std::array rows{
    Row{Purpose::role, sqlstate::insufficient_privilege, ExitCode::access_refused,
        "can't SET ROLE to the role of --role: ",
        "grant the role to the user that slipway connects as, or choose another role with --role"},
    Row{Purpose::role, sqlstate::undefined_object, ExitCode::bad_configuration, "",
        "check --role, and the settings in the database URL"},
    Row{Purpose::role, sqlstate::invalid_parameter_value, ExitCode::bad_configuration, "",
        "check --role, and the settings in the database URL"},
    Row{Purpose::create, sqlstate::insufficient_privilege, ExitCode::access_refused,
        "can't create the ledger's tables: ", grant},
    Row{Purpose::create, "", ExitCode::bad_configuration, "can't create the ledger's tables: ", another_schema},
    Row{Purpose::guard, sqlstate::insufficient_privilege, ExitCode::access_refused, "can't read the ledger: ", grant},
    Row{Purpose::record, sqlstate::insufficient_privilege, ExitCode::access_refused, "can't write the ledger: ", grant},
    Row{Purpose::record, "", ExitCode::bad_configuration,
        "can't write the ledger: ", "make the version table and the journal writable, then run again"},
};

}  // namespace

Error ledger_error(Session& session, const ServerError& error, Purpose purpose) {
  if (purpose == Purpose::role)
    if (auto refusal = role_refusal(session, error)) return *std::move(refusal);
  if (purpose == Purpose::record && is_unwritten(error))
    return {
        ExitCode::bad_migrations,
        "the ledger's tables do not contain what slipway wrote to them, so it was rolled back",
        "check for a trigger, a rule or a policy on the version table and the journal, and for a script that writes "
        "them itself"};
  if (auto lack = lack_of_resources(error)) return *std::move(lack);
  const auto* const row = std::ranges::find_if(rows, [&](const Row& known) {
    return known.purpose == purpose && (known.sqlstate.empty() || known.sqlstate == error.sqlstate);
  });
  if (row == rows.end()) return refused_statement(error);
  std::string message = std::string{row->before} + error.message + " (SQLSTATE " + error.sqlstate + ")";
  if (!error.hint.empty()) message += "\n  HINT: " + error.hint;
  if (!error.context.empty()) message += "\n  CONTEXT: " + error.context;
  return {row->exit_code, message, std::string{row->hint}};
}

void require_primary(Session& session, const ServerError& error) {
  const Outcome answer = session.run("SELECT pg_catalog.pg_is_in_recovery()");
  if (answer.end == Outcome::End::lost) throw ConnectionLost{answer.lost_because};
  if (answer.end == Outcome::End::done && answer.results.back().is_true(0, 0))
    throw ConnectionLost{"the server is a standby: " + error.message};
}

}  // namespace slipway
