#pragma once

#include <chrono>
#include <string>

#include <pqxx/connection>

#include "database/connect_failure.h"
#include "database/connect_parameters.h"
#include "process/stop_signals.h"

// A libpqxx connection that connects without blocking: a stop signal or the timeout ends the attempt.
//
// libpqxx 6.4 provides lifetime, quoting and conversions. Three things that it hides use libpq's handle: the SQLSTATE
// of a refused connection, a wait that a signal can end, and the fields of a server's error (position, DETAIL, HINT,
// CONTEXT).

namespace slipway {

// Thrown by Connection's constructor. The caller decides whether to retry, so it is not an Error yet.
struct ConnectRefused {
  ConnectFailure failure;
};

// Gives libpqxx a connection that was made elsewhere.
class MadeConnection : public pqxx::connectionpolicy {
 public:
  MadeConnection() : pqxx::connectionpolicy{std::string{}} {}
  void adopt(handle connection) noexcept { connection_ = connection; }
  handle get() const noexcept { return connection_; }
  handle do_startconnect(handle) override { return connection_; }
  handle do_completeconnect(handle made) override { return made; }

 private:
  handle connection_ = nullptr;
};

class Connection : private MadeConnection, public pqxx::connection_base {
 public:
  // One attempt at one address. The server's notices go to the log. Throws ConnectRefused, or Error 128+N when signal N
  // has arrived.
  Connection(const ConnectParameters& parameters, const Patience& patience, StopSignals& signals);
  ~Connection() noexcept override { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // libpqxx keeps ownership.
  MadeConnection::handle handle() const noexcept { return get(); }
};

}  // namespace slipway
