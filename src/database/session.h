#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "database/rows.h"
#include "database/server_error.h"
#include "process/stop_signals.h"
#include "settings/database_url.h"
#include "settings/server_options.h"
#include "sql/quoting.h"

// One connection to PostgreSQL, with slipway's settings. It is passive: it does nothing between calls. Every call waits
// for the server and for a stop signal at the same time. A signal first cancels the statement on the server and then
// ends the call.

namespace slipway {

// Whether a server in recovery is acceptable: read_only accepts it.
enum class Access { read_only, read_write };

struct SessionOptions {
  DatabaseUrl url;
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};  // of one address
  // The end of the wait for the server. The remaining addresses share the remaining time; the last attempts may end a
  // little later. If absent, each address has the whole connect_timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  std::optional<std::string> role{};  // SET ROLE for all statements
  Access access = Access::read_write;
  // Whether the server has to answer a query before it counts as ready: a pooler in front of it accepts connections
  // even while the server is down.
  bool requires_answer = false;
};

// The outcome of one message.
struct Outcome {
  enum class End { done, failed, lost };
  End end = End::done;
  std::size_t finished = 0;          // statements
  std::vector<Rows> results;         // one for each statement, with Keep::rows
  std::optional<Rows> last_row;      // the row that was returned last, with Keep::last_row
  std::optional<ServerError> error;  // set if the server reported one: `failed`, or `lost` with its reason
  std::string lost_because;          // set if the connection is lost
};

struct RunOptions {
  // `last_row` drops all rows but the last as they arrive, so that a script's SELECT needs no memory.
  enum class Keep { rows, last_row } keep = Keep::rows;
  // Called about ten times a second while the server works. Must not use this session.
  std::function<void()> tick;
  // What run() does after a signal cancelled the message: `error` throws Error 128+N; `outcome` returns the message's
  // outcome, for callers that have to record it. If the server does not end the message soon, the outcome is `lost`.
  // The next message with `error` then throws.
  enum class AfterSignal { error, outcome } after_signal = AfterSignal::error;
};

class Session : public Quoting {
 public:
  // Tries each host of the URL once, in the order given, and each address of its name. If all fail, throws
  // ConnectRefused with the failure for which a retry is most promising. Throws Error 128+N when signal N has arrived.
  Session(const SessionOptions& options, StopSignals& signals);

  // Sends `message`, one or more statements, by the simple query protocol: one round trip. A multi-statement message is
  // one transaction unless it says otherwise (PostgreSQL: "Multiple Statements in a Simple Query").
  // Throws Error 128+N when signal N has arrived; the statement is then cancelled.
  Outcome run(const std::string& message, const RunOptions& options = {});

  // Like run(), for a message that has to succeed. Throws ConnectionLost, or Error with the server's message: 77 if a
  // privilege is missing, 69 if the server lacks a resource, 70 otherwise.
  std::vector<Rows> query(const std::string& message);

  // Rolls back the open transaction, if there is one: a message that the server could not parse opens none.
  // Throws ConnectionLost, and Error 128+N when signal N has arrived.
  void rollback();

  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
  std::string note(std::string_view text) const override;

  // The statement to send first in each transaction. It makes the settings that the URL asks for, such as search_path,
  // and sets the role of the options. Behind a connection pooler, settings from the start of the session would be lost:
  // the pooler may drop them and give each transaction another server process. Empty if there are no settings and no
  // role.
  const std::string& set_local() const noexcept { return set_local_; }

  // The same for the rest of the session, for work that is not a single transaction.
  std::string set_for_session() const;

  // The role of the options, regardless of what a script has set.
  const std::optional<std::string>& role() const noexcept { return role_; }

  // Whether the server has closed the connection. Only reads what has arrived; sends nothing.
  bool is_lost();

  // Whether a transaction is open, including a failed one.
  bool in_transaction() const noexcept;

  // The process id that the server reported when the session started. A pooler reports an invented one.
  int backend_pid() const noexcept;
  int server_version() const noexcept;  // 150004 for 15.4
  int socket() const noexcept;

  // For callers that use AfterSignal::outcome: the first returns the signal that has arrived, if any; the second throws
  // Error 128+N if signal N has arrived.
  std::optional<int> stop_signal() const { return signals_.received(); }
  void require_no_stop_signal() const { signals_.check(); }

  // Whether a backslash in '…' is an ordinary character, as the server last reported it. It is by default, but a role,
  // a database or a script can change that (PostgreSQL: standard_conforming_strings).
  bool has_standard_strings() const noexcept;

  // Whether the database's encoding has every character. With another encoding, such as LATIN1, the server refuses a
  // message that contains a character that the encoding lacks.
  bool has_every_character() const noexcept;

 private:
  Outcome run_to_end(const std::string& message, const RunOptions& options);
  void connect_to(const ConnectParameters& host, const SessionOptions& options, std::size_t hosts_left);
  void connect(const ConnectParameters& address, const SessionOptions& options, const Patience& patience);
  void connect_without_options(ConnectParameters address, const Patience& patience);
  bool in_recovery(const SessionOptions& options, std::string_view host, const Patience& patience);
  Outcome ask(const std::string& question, std::string_view host, const Patience& patience);
  void cancel();
  void wait_for_server(const std::function<void()>& tick);
  void drain_copy(PGresult* result, const std::function<void()>& tick);

  StopSignals& signals_;
  std::unique_ptr<Connection> connection_;
  ServerOptions options_;  // of the URL
  std::optional<std::string> role_;
  std::string set_local_;
  std::optional<int> cancelled_by_;
  std::chrono::steady_clock::time_point cancelled_at_;
};

// The connection was lost during work that can be repeated on a new connection. The code that waits for the server
// handles this.
struct ConnectionLost {
  std::string reason;
};

}  // namespace slipway
