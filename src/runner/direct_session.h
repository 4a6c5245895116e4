#pragma once

#include <optional>

#include "database/session.h"
#include "database/wait.h"
#include "ledger/ledger.h"
#include "runner/attempt.h"

// The connection that bypasses a pooler, for scripts without a transaction (the setting direct-url). It is opened when
// the first such script runs, and proved to lead to the same database before that script writes anything.

namespace slipway {

class DirectSession {
 public:
  DirectSession(SessionOptions options, WaitPolicy wait, StopSignals& signals)
      : options_{std::move(options)}, wait_{wait}, signals_{signals} {}

  // attempt_without_transaction() on it, beside the session over the pooler. Throws besides: Error 78 if it leads to
  // another database, and as the wait for a server does.
  Attempt attempt(Session& over_pooler, const Task& task, const RunOptions& options);

  void disconnect() { session_.reset(); }

 private:
  SessionOptions options_;
  WaitPolicy wait_;
  StopSignals& signals_;
  std::optional<Session> session_;
};

}  // namespace slipway
