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
// Where the connection that holds the lock is lost, the migrator is stopped: another replica's may begin at any moment.
// Throws Error: 69 then; 73 where it fails, with its own exit code in the message; 75 where the lock was not obtained
// in time; 128+N when signal N has arrived, which the migrator was given first, and 10 s to end. And ConnectionLost,
// before the migrator was started.
void run_external_migrator(Session& session, const ExternalMigrator& migrator, const ExternalRun& run);

}  // namespace slipway
