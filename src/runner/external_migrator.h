#pragma once

#include <chrono>
#include <string>

#include "database/session.h"
#include "ledger/ledger.h"
#include "log/progress.h"
#include "process/environment.h"

// Another tool's migrator (`alembic upgrade head`, `prisma migrate deploy` …) instead of slipway's own runner, under
// slipway's lock: replicas that start together run it one after another.
//
// An idle transaction holds the lock. It has no snapshot, so it blocks nothing that the migrator does, and it also
// works through a pooler.

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

// The migrator's output goes to the log, line by line.
//
// Nothing that it has started outlives the lock, daemons included (process/process_tree.h). If the connection that
// holds the lock is lost, the migrator is stopped, because another replica's may start at any moment. If slipway itself
// is killed, the supervisor keeps the connection open, and so the lock taken, until it has stopped the migrator.
// Processes that the migrator leaves behind are stopped too. They get SIGTERM, or the signal that slipway received, and
// SIGKILL 10 s later.
//
// Returns or throws when all of its processes have ended. Throws Error: 69 if the connection was lost; 73 if the
// migrator fails, with its own exit code in the message; 75 if the lock was not obtained in time; 126 or 127 if there
// is no shell; 128+N if signal N has arrived. And ConnectionLost, before the migrator was started.
void run_external_migrator(Session& session, const ExternalMigrator& migrator, const ExternalRun& run);

}  // namespace slipway
