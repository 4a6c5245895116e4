#include "database/activity.h"

#include <charconv>
#include <regex>

namespace slipway {
namespace {

constexpr std::size_t longest_query = 80;

constexpr auto columns =
    "SELECT a.pid, a.usename, a.application_name, a.client_addr::text, a.state, "
    "pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::numeric)::text || ' s', "
    "a.query "
    "FROM pg_catalog.pg_stat_activity a ";

std::string shortened(const std::string& query) {
  static const std::regex literal{R"('(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$)"};
  static const std::regex space{R"(\s+)"};
  std::string text = std::regex_replace(std::regex_replace(query.substr(0, 2000), literal, "'…'"), space, " ");
  if (text.size() <= longest_query) return text;
  std::size_t end = longest_query;
  // Not in the middle of a character: 10xxxxxx continues one in UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "…";
}

Activity activity(const Rows& rows, int row) {
  Activity session{.user = rows.text(row, 1),
                   .application = rows.text(row, 2),
                   .client = rows.text(row, 3),
                   .state = rows.text(row, 4),
                   .since = rows.text(row, 5),
                   .query = shortened(rows.text(row, 6))};
  const std::string pid = rows.text(row, 0);
  std::from_chars(pid.data(), pid.data() + pid.size(), session.pid);
  return session;
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

std::vector<Activity> blockers_of(Session& observer, int pid) {
  const auto rows = observer.query(std::string{columns} + "WHERE a.pid = ANY (pg_catalog.pg_blocking_pids(" +
                                   std::to_string(pid) + ")) ORDER BY a.pid");
  std::vector<Activity> sessions;
  sessions.reserve(static_cast<std::size_t>(rows.back().size()));
  for (int row = 0; row < rows.back().size(); ++row)
    sessions.push_back(activity(rows.back(), row));
  return sessions;
}

std::optional<Activity> holder_of(Session& observer, std::int64_t key) {
  const auto bits = static_cast<std::uint64_t>(key);
  // A key of 64 bits shows as its two halves, with objsubid 1 (PostgreSQL: "pg_locks").
  const auto rows = observer.query(
      std::string{columns} +
      "JOIN pg_catalog.pg_locks l ON l.pid = a.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND "
      "l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND "
      "l.classid = '" +
      std::to_string(bits >> 32U) + "' AND l.objid = '" + std::to_string(bits & 0xFFFFFFFFU) + "'");
  if (rows.back().size() == 0) return std::nullopt;
  return activity(rows.back(), 0);
}

}  // namespace slipway
