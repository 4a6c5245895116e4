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

// One connection to PostgreSQL, with slipway's settings on it. Passive: nothing happens but within a call. Every call
// waits for the server and for a stop signal at once; a signal cancels what runs on the server before it ends the call.

namespace slipway {

// Whether a server that is in recovery will do.
enum class Access { read_only, read_write };

struct SessionOptions {
  DatabaseUrl url;
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};  // of one address
  // When the wait for the server is over. What is left until then is shared by the addresses that are left; the last
  // attempts may end a little later. Absent: each has the whole connect_timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  std::optional<std::string> role{};  // SET ROLE for all that is done
  Access access = Access::read_write;
  // Whether the server has to answer a question before it counts as ready: a pooler in front of it accepts connections
  // also while it is away.
  bool requires_answer = false;
};

// What became of one message.
struct Outcome {
  enum class End { done, failed, lost };
  End end = End::done;
  std::size_t finished = 0;          // statements
  std::vector<Rows> results;         // one for each of them, with Keep::rows
  std::optional<Rows> last_row;      // the row that was returned last, with Keep::last_row
  std::optional<ServerError> error;  // set when the server reported one: `failed`, or `lost` with its reason
  std::string lost_because;          // set when the connection is gone
};

struct RunOptions {
  // `last_row` drops rows as they arrive except the last, so that a script's SELECT needs no memory.
  enum class Keep { rows, last_row } keep = Keep::rows;
  // Called about ten times a second while the server works. Must not use this session.
  std::function<void()> tick;
  // What a signal that has cancelled the message leads to: Error 128+N, or the message's outcome, for a caller that has
  // to write down what became of it. If the server does not end the message soon, the outcome is that the connection is
  // lost. The next message that wants an error ends in it.
  enum class AfterSignal { error, outcome } after_signal = AfterSignal::error;
};

class Session : public Quoting {
 public:
  // Tries each host of the URL once, in the order given, and each address of its name. Throws ConnectRefused with the
  // failure that leaves most hope when none will do, and Error 128+N when signal N has arrived.
  Session(const SessionOptions& options, StopSignals& signals);

  // Sends `message`, one or more statements, by the simple query protocol: one round trip. A multi-statement message is
  // one transaction unless it says otherwise (PostgreSQL: "Multiple Statements in a Simple Query").
  // Throws Error 128+N when signal N has arrived; the statement is then cancelled.
  Outcome run(const std::string& message, const RunOptions& options = {});

  // As run, for a message that has to succeed: throws ConnectionLost, or Error (70; 77 if a right is missing; 69
  // if the server lacks disk or memory) with what the server said.
  std::vector<Rows> query(const std::string& message);

  // Ends the transaction that is open, if one is: what the server could not even parse opened none.
  // Throws ConnectionLost, and Error 128+N when signal N has arrived.
  void rollback();

  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
  std::string note(std::string_view text) const override;

  // One statement that makes a transaction slipway's, to be sent first in each: the settings that the URL asks for,
  // such as search_path, and the role of the options. Made when the session starts they would be gone behind a
  // connection pooler, which may drop them there and hand each transaction to another server process. Empty if there
  // are none.
  const std::string& set_local() const noexcept { return set_local_; }

  // The same for all that follows on this session, for work that is no single transaction.
  std::string set_for_session() const;

  // The role of the options, whatever a script has set.
  const std::optional<std::string>& role() const noexcept { return role_; }

  // Whether the server has ended the connection meanwhile. Looks at what has come, and asks nothing.
  bool is_lost();

  // Whether a transaction is open, one that failed included.
  bool in_transaction() const noexcept;

  // The process id that the server gave at connecting; a pooler gives one of its own making.
  int backend_pid() const noexcept;
  int server_version() const noexcept;  // 150004 for 15.4
  int socket() const noexcept;

  // The signal that has arrived, if any; and Error 128+N if signal N has. For who runs a message with
  // AfterSignal::outcome.
  std::optional<int> stop_signal() const { return signals_.received(); }
  void require_no_stop_signal() const { signals_.check(); }

  // Whether a backslash in '…' stands for itself, as it does unless a role, a database or a script says otherwise
  // (PostgreSQL: standard_conforming_strings). As the server has reported last.
  bool has_standard_strings() const noexcept;

  // Whether the database holds every character there is. In one of another encoding, LATIN1 for example, the server
  // refuses a message that has a character without a place in it.
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

// The connection is gone in the middle of something that can be done again on a new one. Handled where the wait is.
struct ConnectionLost {
  std::string reason;
};

}  // namespace slipway
