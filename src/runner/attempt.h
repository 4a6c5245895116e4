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

// One attempt at one step of a plan: the script, its record and nothing else, or nothing at all.

namespace slipway {

struct Attempt {
  enum class End {
    done,
    locked,     // another session holds the lock: nothing was done
    moved,      // the ledger is not as it was read: nothing was done
    try_again,  // a lock_timeout, a deadlock or a serialization failure: nothing remains
  };
  End end = End::done;
  std::int64_t last_entry = 0;         // of the journal, when done
  std::optional<ServerError> error{};  // why to try again
  std::chrono::milliseconds waited{};  // for a lock that was not obtained
};

// For an error that is worth it; `lock_timeout` was the limit of a wait.
Attempt try_again(const ServerError& error, std::chrono::milliseconds lock_timeout);

// What an attempt needs to know. All of it outlives the attempt.
struct Task {
  const Ledger& ledger;
  const LedgerState& state;  // as read; the attempt fails as `moved` where it is different by then
  const Step& step;
  std::span<const Revision* const> adopted;  // to be journalled in the same transaction: another tool applied them
  const RunPolicy& policy;
  bool more_to_come = false;         // steps of the same run: a commit that is not the last need not wait for the disk
  bool session_is_promised = false;  // the user says that transactions all meet one server process, pooler or not
  std::function<void(int percent)> sent{};  // told how much of a script that takes several messages is done
  // Called with the session's lock in hand and nothing written; what it throws ends the attempt.
  std::function<void(Session& locked)> under_lock{};
};

// What the journal says of a step, or of a revision's script as it stands.
LedgerRecord record_of(const Step& step);
LedgerRecord record_of(const Revision& revision, JournalAction action);

// Before the first step of a plan is run. Throws Error, 65 or 73, if a script can't be run in the way it asks for, or
// leaves a quote or a comment open (revision/script_check.h). A session that reads a backslash in '…' as an escape,
// which slipway's scanner does not, leaves the second to the server; it is 65 there if a script without a transaction
// has such a backslash, for where its statements end is not known.
void require_runnable(const Session& session, const Step& step);

// In one transaction and one round trip: settings, lock, guard, script, record, COMMIT. A long script takes a round
// trip for each of its pieces (sql/pieces.h), so that neither slipway nor the server has to hold several times its
// size.
//
// Throws ConnectionLost; Error 73 if the script fails, another if a statement of slipway's own does (ledger_error.h),
// and 128+N when signal N has arrived before the revision was committed. One that arrives during the COMMIT leaves the
// attempt done, and is to be looked for behind it.
Attempt attempt_in_transaction(Session& session, const Task& task, const RunOptions& options);

// Statement by statement under a session's lock, for what PostgreSQL refuses in a transaction block. A running entry in
// the journal tells a later start how far a run came that was cut off.
// Throws as above; Error 78 behind a pooler, where a session's lock means nothing.
Attempt attempt_without_transaction(Session& session, const Task& task, const RunOptions& options);

}  // namespace slipway
