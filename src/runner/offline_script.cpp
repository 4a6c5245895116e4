#include "runner/offline_script.h"

#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/text.h"
#include "database/session_settings.h"
#include "ledger/offline_statements.h"
#include "revision/id_rules.h"
#include "revision/script_check.h"
#include "runner/attempt.h"
#include "runner/bookkeeping.h"
#include "sql/statement.h"

namespace slipway {
namespace {

// The last statement of a file may end in a comment, or without its semicolon.
std::string terminated(const std::string& sql) {
  return sql + (sql.ends_with('\n') ? "" : "\n") + ";\n";
}

class Writer {
 public:
  Writer(const OfflineScript& how, const Graph& graph, Heads start)
      : how_{how}, graph_{graph}, heads_{std::move(start)} {
    state_.schema = how.schema.value_or("");
    text_ =
        "-- Written by slipway for psql. At the first error, it stops, and the step in which the error occurred is "
        "rolled "
        "back.\n\\set ON_ERROR_STOP on\n\n";
  }

  void step(const Step& step) {
    const Script& script = script_of(step);
    heading(step);
    if (script.transaction == Transaction::one)
      in_transaction(step, script);
    else
      statement_by_statement(step, script);
    heads_ = step.rows.applied_to(heads_);
  }

  void stamp(const Stamp& stamp) {
    text_ += "-- Running stamp_revision " + (stamp.before.empty() ? "" : stamp.before.str()) + " -> " +
             (stamp.after.empty() ? "" : stamp.after.str()) + "\n\n";
    begin();
    text_ += offline_.move_heads(stamp.rows, stamp.after);
    text_ += ledger_.record_all(stamp_records(graph_, stamp.before, stamp.after), LedgerStatements::From::script);
    text_ += "COMMIT;\n\n";
  }

  std::string text() const { return begun_ ? text_ : text_ + "-- There is nothing to do.\n"; }

 private:
  void heading(const Step& step) {
    const std::string parents = join(graph_.parents(step.revision->id), ", ", &RevisionId::str);
    const std::string& id = step.revision->id.str();
    text_ += step.direction == Direction::upgrade ? "-- Running upgrade " + parents + " -> " + id
                                                  : "-- Running downgrade " + id + " -> " + parents;
    text_ += "\n\n";
  }

  std::string role(const std::string& set) const {
    return how_.role ? set + quoting_.identifier(*how_.role) + ";\n" : "";
  }

  // Everything before the first statement of the step.
  void begin() {
    text_ +=
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n" + std::string{session_reset} + role("SET LOCAL ROLE ");
    make_ledger();
    if (how_.ledger.longest_id() > alembic_id_limit && !begun_)
      text_ += offline_.require_room_for_ids(how_.ledger.longest_id());
    text_ += offline_.lock_and_require(heads_);
    adopt();
  }

  void make_ledger() {
    for (const std::string& statement : ledger_.create())
      text_ += statement;
    state_.version_table_exists = state_.journal_exists = true;
  }

  // Once, at the beginning: another tool without a journal may have applied the revisions below.
  void adopt() {
    if (begun_) return;
    begun_ = true;
    std::vector<LedgerRecord> records;
    for (const Position p : graph_.applied(heads_).positions())
      records.push_back(record_of(graph_[p], JournalAction::adopt));
    text_ += ledger_.adopt_rest(records);
  }

  std::string timeouts(const std::string& set, const Script& script) const {
    return set + "lock_timeout = " + in_milliseconds(script.lock_timeout.value_or(how_.policy.lock_timeout)) + ";\n" +
           set +
           "statement_timeout = " + in_milliseconds(script.statement_timeout.value_or(how_.policy.statement_timeout)) +
           ";\n";
  }

  // The script may have changed the search path and the role.
  std::string record(const Step& step) const {
    const std::vector<LedgerRecord> records{record_of(step)};
    return "SET SESSION AUTHORIZATION DEFAULT;\n" + role("SET LOCAL ROLE ") + "RESET search_path;\n" +
           offline_.move_heads(step.rows, step.rows.applied_to(heads_)) +
           ledger_.record_all(records, LedgerStatements::From::script);
  }

  void in_transaction(const Step& step, const Script& script) {
    begin();
    text_ += timeouts("SET LOCAL ", script) + "\n" + terminated(script.sql) + "\n" + record(step) + "COMMIT;\n\n";
  }

  void statement_by_statement(const Step& step, const Script& script) {
    if (!begun_) {
      begin();
      text_ += "COMMIT;\n\n";
    }
    text_ +=
        session_reset + offline_.lock_session_and_require(heads_) + timeouts("SET ", script) + role("SET ROLE ") + "\n";
    for (const Statement& statement : split(script))
      text_ += statement.text + "\n;\n";
    text_ += "\nBEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n" + record(step) + "COMMIT;\n" +
             offline_.unlock_session() + "\n";
  }

  const OfflineScript& how_;
  const Graph& graph_;
  Heads heads_;  // the heads after the steps that were written so far
  LedgerState state_;
  OfflineQuoting quoting_;
  LedgerStatements ledger_{how_.ledger, quoting_, state_};
  OfflineStatements offline_{how_.ledger, quoting_, state_};
  bool begun_ = false;  // whether a step was written, and the missing journal entries before it
  std::string text_;
};

}  // namespace

std::string as_script(const OfflineScript& how, const Graph& graph, const Plan& plan) {
  for (const Step& step : plan.steps) {
    static_cast<void>(script_of(step));
    check_script(*step.revision, step.direction, CheckFor::look);
  }
  Writer writer{how, graph, plan.before};
  for (const Step& step : plan.steps)
    writer.step(step);
  return writer.text();
}

std::string as_script(const OfflineScript& how, const Graph& graph, const Stamp& stamp) {
  Writer writer{how, graph, stamp.before};
  writer.stamp(stamp);
  return writer.text();
}

}  // namespace slipway
