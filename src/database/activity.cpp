#include "database/activity.h"

#include <algorithm>
#include <array>
#include <regex>

#include "log/log.h"
#include "sql/tokens.h"

namespace slipway {

namespace {

constexpr std::size_t longest_query = 80;

constexpr auto columns =
    "SELECT a.pid, a.backend_start::text, a.usename, a.application_name, a.client_addr::text, a.state, "
    "pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::numeric)::text || ' s', "
    "a.query "
    "FROM pg_catalog.pg_stat_activity a ";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The mask for a token that is a constant; empty for any other token. B'…', E'…', U&'…' and the like are strings;
// U&"…" is a name.
std::string_view mask_for(std::string_view token) {
  if (is_digit(token.front()) || (token.size() > 1 && token.front() == '.' && is_digit(token[1]))) return "…";
  const auto quote = token.find_first_of("'\"");
  if (quote != std::string_view::npos && token[quote] == '\'') return "'…'";
  return token.front() == '$' && token.size() > 1 && !is_digit(token[1]) ? "'…'" : "";
}

// The query without its constants and comments, which may be secrets. The server shows only the beginning of a
// statement. If the scanner fails, for example at a string that was cut off, the text from there on is left out.
std::string masked(const std::string& query) {
  const Scan found = scan(query);
  std::string text;
  std::size_t end = 0;
  for (const Token& token : found.tokens) {
    text += query.substr(end, token.begin - end);
    const std::string_view word = std::string_view{query}.substr(token.begin, token.end - token.begin);
    const std::string_view mask = token.kind == TokenKind::other ? mask_for(word) : "";
    if (token.kind != TokenKind::comment) text += mask.empty() ? word : mask;
    end = token.end;
  }
  return found.scanned < query.size() ? text + " …" : text;
}

std::string shortened(const std::string& query) {
  static const std::regex space{R"(\s+)"};
  std::string text = std::regex_replace(masked(query), space, " ");
  if (text.size() <= longest_query) return text;
  std::size_t end = longest_query;
  // Don't cut a character in two: in UTF-8, 10xxxxxx continues one.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "…";
}

// pg_blocking_pids() briefly holds up every session that wants a lock, so it is called only for a session that waits
// for one.
std::string blockers_query(const std::string& observed) {
  return std::string{columns} +
         "WHERE a.pid IN (SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(o.pid)) FROM "
         "pg_catalog.pg_stat_activity o WHERE o.wait_event_type = 'Lock' AND o.pid IN (" +
         observed + ")) ORDER BY a.pid";
}

// The progress view of a command, with what it counts in each phase.
struct ProgressView {
  int since;  // the server's version
  const char* select;
};
constexpr std::array progress_views{
    ProgressView{0,
                 "SELECT pid, command, relid, phase, "
                 "CASE WHEN phase LIKE 'waiting%' THEN lockers_done WHEN tuples_total > 0 THEN tuples_done "
                 "ELSE blocks_done END AS done, "
                 "CASE WHEN phase LIKE 'waiting%' THEN lockers_total WHEN tuples_total > 0 THEN tuples_total "
                 "ELSE blocks_total END AS total FROM pg_catalog.pg_stat_progress_create_index"},
    ProgressView{0,
                 "SELECT pid, 'VACUUM', relid, phase, CASE phase WHEN 'scanning heap' THEN heap_blks_scanned "
                 "WHEN 'vacuuming heap' THEN heap_blks_vacuumed END, heap_blks_total "
                 "FROM pg_catalog.pg_stat_progress_vacuum"},
    ProgressView{0,
                 "SELECT pid, command, relid, phase, CASE phase WHEN 'seq scanning heap' THEN heap_blks_scanned "
                 "END, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster"},
    ProgressView{0,
                 "SELECT pid, 'ANALYZE', relid, phase, CASE phase WHEN 'acquiring sample rows' THEN "
                 "sample_blks_scanned END, sample_blks_total FROM pg_catalog.pg_stat_progress_analyze"},
    ProgressView{140000,
                 "SELECT pid, command, relid, '', bytes_processed, bytes_total "
                 "FROM pg_catalog.pg_stat_progress_copy"},
};

std::string operation_query(const std::string& observed, int server_version) {
  std::string views;
  for (const ProgressView& view : progress_views)
    if (server_version >= view.since) views += (views.empty() ? "" : " UNION ALL ") + std::string{view.select};
  return "SELECT p.command, (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = p.relid), p.phase, "
         "CASE WHEN p.total > 0 THEN 100 * p.done / p.total END FROM (" +
         views + ") p WHERE p.pid IN (" + observed + ")";
}

std::string standby_query(const std::string& observed) {
  return "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.wait_event = 'SyncRep' AND a.pid IN (" +
         observed + "))";
}

Operation operation(const Rows& rows) {
  Operation seen{.command = rows.text(0, 0), .relation = rows.text(0, 1), .phase = rows.text(0, 2), .percent = {}};
  if (rows.value(0, 3)) seen.percent = static_cast<int>(std::min<std::int64_t>(rows.integer(0, 3), 100));
  return seen;
}

Activity activity(const Rows& rows, int row) {
  return {.pid = static_cast<int>(rows.integer(row, 0)),
          .started = rows.text(row, 1),
          .user = rows.text(row, 2),
          .application = rows.text(row, 3),
          .client = rows.text(row, 4),
          .state = rows.text(row, 5),
          .since = rows.text(row, 6),
          .query = shortened(rows.text(row, 7))};
}

}  // namespace

std::string Activity::describe() const {
  std::string text = "pid " + std::to_string(pid);
  if (user.empty()) return text;
  text += " (" + user;
  if (!application.empty()) text += ", " + application;
  if (!client.empty()) text += " from " + client;
  if (!state.empty()) text += ", " + state + " for " + since;
  if (!query.empty()) text += ": " + query;
  return text + ")";
}

std::string Operation::describe() const {
  std::string text = percent ? std::to_string(*percent) + " %, " : "";
  const std::string what = command + (relation.empty() ? "" : " on " + relation);
  return text + (phase.empty() ? what : phase + " (" + what + ")");
}

Observation observe(Session& observer, const std::string& pid_query) {
  Outcome outcome =
      observer.run(blockers_query(pid_query) + ";" + operation_query(pid_query, observer.server_version()) + ";" +
                   standby_query(pid_query));
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  Observation seen;
  if (outcome.end == Outcome::End::failed) {
    log::debug("observer.refused", "can't query server activity: " + outcome.error->message);
    return seen;
  }
  const Rows& blockers = outcome.results[0];
  for (int row = 0; row < blockers.size(); ++row)
    seen.blockers.push_back(activity(blockers, row));
  const Rows& operations = outcome.results[1];
  if (operations.size() > 0) seen.operation = operation(operations);
  seen.awaits_standby = outcome.results[2].is_true(0, 0);
  return seen;
}

bool end_if_idle_in_transaction(Session& observer, const Activity& session, std::chrono::milliseconds idle_for) {
  const Outcome outcome =
      observer.run("SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = " +
                   std::to_string(session.pid) + " AND backend_start = " + observer.literal(session.started) +
                   " AND state IN ('idle in transaction', 'idle in transaction (aborted)') AND "
                   "state_change <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => " +
                   std::to_string(static_cast<double>(idle_for.count()) / 1000) + ")");
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::failed) {
    log::warning("lock.blocker_kept",
                 "can't terminate pid " + std::to_string(session.pid) + ": " + outcome.error->message,
                 {{"blocker_pid", std::int64_t{session.pid}}});
    return false;
  }
  return outcome.results.back().size() == 1 && outcome.results.back().is_true(0, 0);
}

std::optional<Activity> activity_of(Session& observer, const std::string& pid_query) {
  const auto rows = observer.query(std::string{columns} + "WHERE a.pid IN (" + pid_query + ")");
  if (rows.back().size() == 0) return std::nullopt;
  return activity(rows.back(), 0);
}

}  // namespace slipway
