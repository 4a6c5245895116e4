#include "lock/advisory_lock.h"

#include "database/assertion.h"

namespace slipway {
namespace {

constexpr std::string_view locked_word = "slipway: locked by another session";

}  // namespace

std::string take_lock(LockKey key, std::string_view column) {
  std::string sql =
      select_or_fail("pg_catalog.pg_try_advisory_xact_lock(" + std::to_string(key.value) + ")", locked_word);
  if (!column.empty()) sql.insert(std::string_view{"SELECT "}.size(), std::string{column} + ", ");
  return sql;
}

bool is_locked(const ServerError& error) {
  return failed_with(error, locked_word);
}

// A key of 64 bits shows as its two halves, with objsubid 1 (PostgreSQL: "pg_locks").
std::string holder_query(LockKey key) {
  const auto bits = static_cast<std::uint64_t>(key.value);
  return "SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND "
         "l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND "
         "l.classid = '" +
         std::to_string(bits >> 32U) + "' AND l.objid = '" + std::to_string(bits & 0xFFFFFFFFU) + "'";
}

std::optional<Activity> holder_of(Session& observer, LockKey key) {
  return activity_of(observer, holder_query(key));
}

}  // namespace slipway
