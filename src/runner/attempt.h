#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "database/session.h"
#include "error/error.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "ledger/statements.h"
#include "log/progress.h"
#include "settings/run_policy.h"

// One attempt at one step of a plan. Either the script and its record take effect, or neither does.

namespace slipway {

struct Attempt {
  enum class End {
    done,
    locked,     // another session holds the lock; nothing was done
    moved,      // the ledger is not as it was read; nothing was done
    try_again,  // a lock timeout, a deadlock or a serialization failure; everything was rolled back
  };
  End end = End::done;
  std::int64_t last_entry = 0;         // of the journal, when done
  std::optional<ServerError> error{};  // why to try again
  std::chrono::milliseconds waited{};  // for a lock that was not obtained
};

// For an error after which a retry is worthwhile; `lock_timeout` was the limit of the wait.
Attempt try_again(const ServerError& error, std::chrono::milliseconds lock_timeout);

// What an attempt needs. All of it must outlive the attempt.
struct Task {
  const Ledger& ledger;
  const LedgerState& state;  // as it was read; if it is different by then, the attempt ends as `moved`
  const Step& step;
  std::span<const Revision* const> adopted;  // applied by another tool; recorded in the journal in the same transaction
  const RunPolicy& policy;
  bool more_to_come = false;                // further steps of this run: only the last commit has to wait for the disk
  bool session_is_promised = false;         // the user promises that all transactions reach the same server process
  std::function<void(int percent)> sent{};  // called with the percentage of a long script that was sent
  // Called when the session holds the lock and has written nothing. An exception ends the attempt.
  std::function<void(Session& locked)> under_lock{};
};

// The journal's entry for a step, or for the present script of a revision.
LedgerRecord record_of(const Step& step);
LedgerRecord record_of(const Revision& revision, JournalAction action);

// Call this for every step before the first one runs. Throws Error, 65 or 73, if the script can't run in the way it
// asks for, or leaves a quote or a comment open (revision/script_check.h). If the session reads a backslash in '…' as
// an escape, which slipway's scanner does not, the server checks the quotes. A script without a transaction that has
// such a backslash is then an Error 65, because it is unclear where its statements end.
void require_runnable(const Session& session, const Step& step);

// In one transaction and one round trip: settings, lock, guard, script, record, COMMIT. A long script takes a round
// trip for each of its pieces (sql/pieces.h), so that neither slipway nor the server needs several times its size in
// memory.
//
// Throws ConnectionLost; Error 73 if the script fails, another if a statement of slipway's own does (ledger_error.h),
// and 128+N when signal N has arrived before the revision was committed. If it arrives during the COMMIT, the attempt
// is done, and the caller checks for the signal.
Attempt attempt_in_transaction(Session& session, const Task& task, const RunOptions& options);

// Statement by statement under a session's lock, for statements that PostgreSQL refuses in a transaction block. An
// entry in the journal records the progress for a later run. Throws as above; Error 78 behind a pooler, where a
// session's lock means nothing.
Attempt attempt_without_transaction(Session& session, const Task& task, const RunOptions& options);

}  // namespace slipway
