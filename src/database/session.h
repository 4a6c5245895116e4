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

// One connection to PostgreSQL, with slipway's settings. Nothing happens outside of a call. Every call waits for the
// server and for stop signals. A signal first cancels the running statement, then ends the call.

namespace slipway {

// Whether a server in recovery is acceptable.
enum class Access { read_only, read_write };

struct SessionOptions {
  DatabaseUrl url;
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};  // of one address
  // The end of the wait for the server. The remaining addresses share the remaining time; the last attempts may end a
  // little later. Absent: each address has the whole connect_timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  std::optional<std::string> role{};  // the role to SET ROLE to
  Access access = Access::read_write;
  // Whether the server has to answer a query before it counts as ready. A pooler accepts connections even while its
  // server is away.
  bool requires_answer = false;
};

// The outcome of one message.
struct Outcome {
  enum class End { done, failed, lost };
  End end = End::done;
  std::size_t finished = 0;          // statements
  std::vector<Rows> results;         // one for each statement, with Keep::rows
  std::optional<Rows> last_row;      // the last row that was returned, with Keep::last_row
  std::optional<ServerError> error;  // set if the server reported one, with `failed` or `lost`
  std::string lost_because;          // set if the connection is lost
};

struct RunOptions {
  // `last_row` keeps only the last row, so that a script's SELECT needs no memory.
  enum class Keep { rows, last_row } keep = Keep::rows;
  // Called about ten times a second while the server works. It must not use this session.
  std::function<void()> tick;
  // The result if a signal has cancelled the message: Error 128+N, or the message's outcome, for a caller that has to
  // record it. If the server does not end the message soon, the outcome is a lost connection. The next message with
  // `error` then throws the Error.
  enum class AfterSignal { error, outcome } after_signal = AfterSignal::error;
};

class Session : public Quoting {
 public:
  // Tries each host of the URL once, in the order given, and each address of its name. Throws ConnectRefused with the
  // most hopeful failure if all fail, and Error 128+N when signal N has arrived.
  Session(const SessionOptions& options, StopSignals& signals);

  // Sends `message`, one or more statements, with the simple query protocol, in one round trip. A message with several
  // statements is one transaction unless it says otherwise (PostgreSQL: "Multiple Statements in a Simple Query").
  // Throws Error 128+N when signal N has arrived; the statement is then cancelled.
  Outcome run(const std::string& message, const RunOptions& options = {});

  // The same for a message that has to succeed. Throws ConnectionLost, or Error with the server's message: 77 if a
  // privilege is missing, 69 if the server lacks disk space or memory, else 70.
  std::vector<Rows> query(const std::string& message);

  // Rolls the open transaction back, if there is one. A message that the server could not parse opened none. Throws
  // ConnectionLost, and Error 128+N when signal N has arrived.
  void rollback();

  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
  std::string note(std::string_view text) const override;

  // The first statement for each transaction: it makes the settings of the URL, such as search_path, and sets the role
  // of the options. Settings that are made when the session starts would be lost behind a connection pooler, which may
  // give each transaction another server process. Empty if there are none.
  const std::string& set_local() const noexcept { return set_local_; }

  // The same for the rest of the session, for work that is not one transaction.
  std::string set_for_session() const;

  // The role of the options, even if a script has set another one.
  const std::optional<std::string>& role() const noexcept { return role_; }

  // Whether the server has ended the connection. Looks at what has arrived, and sends nothing.
  bool is_lost();

  // Whether a transaction is open, including a failed one.
  bool in_transaction() const noexcept;

  // The process id that the server reported when it connected. A pooler invents one.
  int backend_pid() const noexcept;
  int server_version() const noexcept;  // 150004 for 15.4
  int socket() const noexcept;

  // For callers that use AfterSignal::outcome: the first returns the signal that has arrived, if any; the second throws
  // Error 128+N if signal N has arrived.
  std::optional<int> stop_signal() const { return signals_.received(); }
  void require_no_stop_signal() const { signals_.check(); }

  // Whether a backslash in '…' is an ordinary character (PostgreSQL: standard_conforming_strings), as last reported by
  // the server.
  bool has_standard_strings() const noexcept;

  // Whether the database's encoding has every character. With another encoding, LATIN1 for example, the server refuses
  // a message with a character that it does not have.
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

// The connection is lost, and the work can be done again on a new one. Caught by the code that waits for the server.
struct ConnectionLost {
  std::string reason;
};

}  // namespace slipway
