#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"

// Server activity: which sessions block a session, and the progress of its statement (PostgreSQL: pg_stat_activity,
// pg_locks, "Progress Reporting"). Leaves out what the role may not see.

namespace slipway {

struct Activity {
  int pid = 0;
  std::string started;  // start time of the session, as the server writes it; with the pid it identifies a session
  std::string user;
  std::string application;
  std::string client;  // address, or empty for a unix socket
  std::string state;   // "active", "idle in transaction", …
  std::string since;   // how long it has been in that state: "12 s"
  std::string query;   // shortened, with its literals masked, because they may be secrets

  // "pid 123 (app, psql from 10.0.0.7, idle in transaction for 12 s: SELECT …)"
  std::string describe() const;
};

// A command for which the server reports progress.
struct Operation {
  std::string command;         // "CREATE INDEX CONCURRENTLY"
  std::string relation;        // may be empty
  std::string phase;           // "building index: scanning table"; may be empty
  std::optional<int> percent;  // of the phase, if the server counts it

  // "42 %, building index: scanning table (CREATE INDEX CONCURRENTLY on users)": what changes comes first, because a
  // terminal may be narrow.
  std::string describe() const;
};

// A session's state, seen from another session.
struct Observation {
  std::vector<Activity> blockers;  // the sessions that it waits for
  std::optional<Operation> operation;
  // Its COMMIT waits for a standby to confirm it (PostgreSQL: synchronous_standby_names).
  bool awaits_standby = false;
};

// Observes the session whose pid `pid_query` selects, a SELECT of one column. libpq's pid can't be used, because a
// pooler invents it. Throws ConnectionLost. Fields that can't be read are empty.
Observation observe(Session& observer, const std::string& pid_query);

// The activity of the session whose pid `pid_query` selects; nothing if there is none. Throws ConnectionLost.
std::optional<Activity> activity_of(Session& observer, const std::string& pid_query);

// Ends a session if it has been idle in a transaction for at least that long and still is. Returns whether it did. A
// role may end only its own sessions, or all sessions with pg_signal_backend. Throws ConnectionLost.
bool end_if_idle_in_transaction(Session& observer, const Activity& session, std::chrono::milliseconds idle_for);

}  // namespace slipway
