#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"

// Other sessions on the server, for a person who wants to know who is in the way (PostgreSQL: pg_stat_activity,
// pg_locks). What the role may not see is left out.

namespace slipway {

struct Activity {
  int pid = 0;
  std::string user;
  std::string application;
  std::string client;  // address, or empty for a unix socket
  std::string state;   // "active", "idle in transaction", …
  std::string since;   // how long in that state, as "12 s"
  std::string query;   // shortened, its literals masked: they may be anybody's secrets

  // "pid 123 (app, psql from 10.0.0.7, idle in transaction for 12 s: SELECT …)"
  std::string describe() const;
};

// The sessions that keep the session of that pid waiting for a lock. Throws ConnectionLost.
std::vector<Activity> blockers_of(Session& observer, int pid);

// Who holds an advisory lock with a key of 64 bits in this database, if anyone. Throws ConnectionLost.
std::optional<Activity> holder_of(Session& observer, std::int64_t key);

}  // namespace slipway
