#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"

// Server activity, for a user who wants to know which session blocks a migration and how far a statement has come
// (PostgreSQL: pg_stat_activity, pg_locks, "Progress Reporting"). Everything that the role may not see is left out.

namespace slipway {

struct Activity {
  int pid = 0;
  std::string started;  // when the session started, as the server writes it; with the pid it identifies the session
  std::string user;
  std::string application;
  std::string client;  // address, or empty for a unix socket
  std::string state;   // "active", "idle in transaction", …
  std::string since;   // how long in that state, as "12 s"
  std::string query;   // shortened, with its literals masked: they may be secrets

  // "pid 123 (app, psql from 10.0.0.7, idle in transaction for 12 s: SELECT …)"
  std::string describe() const;
};

// A command whose progress the server reports.
struct Operation {
  std::string command;         // "CREATE INDEX CONCURRENTLY"
  std::string relation;        // may be empty
  std::string phase;           // "building index: scanning table"; may be empty
  std::optional<int> percent;  // of the phase, if the server counts it

  // "42 %, building index: scanning table (CREATE INDEX CONCURRENTLY on users)". What changes comes first, because
  // a terminal may be narrow.
  std::string describe() const;
};

// The state of a session at one moment, observed from another session.
struct Observation {
  std::vector<Activity> blockers;  // the sessions that keep it waiting for a lock
  std::optional<Operation> operation;
  // Its COMMIT waits for a standby to confirm it (PostgreSQL: synchronous_standby_names).
  bool awaits_standby = false;
};

// Observes the session whose pid `pid_query` selects; `pid_query` is a SELECT of one column. libpq's pid would not do,
// because a pooler makes it up. If the server refuses the queries, the observation is empty. Throws ConnectionLost.
Observation observe(Session& observer, const std::string& pid_query);

// The activity of the session whose pid `pid_query` selects; absent if it selects none. Throws ConnectionLost.
std::optional<Activity> activity_of(Session& observer, const std::string& pid_query);

// Terminates the session if it has been idle in a transaction for at least `idle_for` and still is. Returns whether it
// did. A role may terminate only its own sessions, or all with pg_signal_backend. Throws ConnectionLost.
bool end_if_idle_in_transaction(Session& observer, const Activity& session, std::chrono::milliseconds idle_for);

}  // namespace slipway
