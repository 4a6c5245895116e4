#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"

// What goes on at the server, for a person who wants to know who is in the way and how far a statement has come
// (PostgreSQL: pg_stat_activity, pg_locks, "Progress Reporting"). What the role may not see is left out.

namespace slipway {

struct Activity {
  int pid = 0;
  std::string started;  // when the session was, as the server writes it: with the pid it names one session for ever
  std::string user;
  std::string application;
  std::string client;  // address, or empty for a unix socket
  std::string state;   // "active", "idle in transaction", …
  std::string since;   // how long in that state, as "12 s"
  std::string query;   // shortened, its literals masked: they may be anybody's secrets

  // "pid 123 (app, psql from 10.0.0.7, idle in transaction for 12 s: SELECT …)"
  std::string describe() const;
};

// One of the commands that the server counts the progress of.
struct Operation {
  std::string command;         // "CREATE INDEX CONCURRENTLY"
  std::string relation;        // may be empty
  std::string phase;           // "building index: scanning table"; may be empty
  std::optional<int> percent;  // of the phase, where it counts

  // "42 %, building index: scanning table (CREATE INDEX CONCURRENTLY on users)": what changes comes first, for a
  // terminal may be narrow.
  std::string describe() const;
};

// A session at one moment, seen from another one.
struct Observation {
  std::vector<Activity> blockers;  // those that keep it waiting for a lock
  std::optional<Operation> operation;
  // Its COMMIT waits for a standby to confirm it (PostgreSQL: synchronous_standby_names).
  bool awaits_standby = false;
};

// The session observed is the one whose pid `pid_query` selects, a SELECT of one column. libpq's pid would not do: a
// pooler makes that up. Throws ConnectionLost. What can't be seen is not there.
Observation observe(Session& observer, const std::string& pid_query);

// What the session is doing whose pid `pid_query` selects; nothing if it selects none. Throws ConnectionLost.
std::optional<Activity> activity_of(Session& observer, const std::string& pid_query);

// Ends a session, if it has been idle in a transaction for at least that long, and still is. Returns whether it did;
// a role may end only its own sessions, or all with pg_signal_backend. Throws ConnectionLost.
bool end_if_idle_in_transaction(Session& observer, const Activity& session, std::chrono::milliseconds idle_for);

}  // namespace slipway
