#pragma once

#include <chrono>
#include <string>

#include "database/session.h"
#include "ledger/ledger.h"
#include "log/progress.h"
#include "process/environment.h"

// Another tool's migrator (`alembic upgrade head`, `prisma migrate deploy` …) in place of slipway's own runner, under
// slipway's lock: replicas that start together run it one after the other.
//
// The lock is a transaction's, held by a session that is idle meanwhile: it has no snapshot, so nothing that the
// migrator does waits for it, and it is right through a pooler too.

namespace slipway {

struct ExternalMigrator {
  std::string command;  // for /bin/sh -c
  Environment environment;
};

struct ExternalRun {
  const Ledger& ledger;
  std::chrono::milliseconds lock_wait;
  StopSignals& signals;
  Progress& progress;
};

// What the migrator prints goes to the log, line by line.
//
// Nothing that it has started outlives the lock, daemons included (process/process_tree.h). If the connection that
// holds the lock is lost, the migrator is stopped: another replica's may begin at any moment. If slipway itself is
// killed, the supervisor keeps the connection open, and so the lock taken, until it has stopped the migrator. What the
// migrator leaves behind when it ends is stopped too. To be stopped is to get SIGTERM, or the signal that slipway was
// given, and SIGKILL 10 s later.
//
// Returns or throws when nothing is left of it.
// Throws Error: 69 if the connection was lost; 73 if the migrator fails, with its own exit code in the message; 75 if
// the lock was not obtained in time; 126 or 127 if there is no shell; 128+N if signal N has arrived. And
// ConnectionLost, before the migrator was started.
void run_external_migrator(Session& session, const ExternalMigrator& migrator, const ExternalRun& run);

}  // namespace slipway
