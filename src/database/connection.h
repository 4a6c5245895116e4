#pragma once

#include <chrono>
#include <string>

#include <pqxx/connection>

#include "database/connect_failure.h"
#include "database/connect_parameters.h"
#include "process/stop_signals.h"

// A libpqxx connection that is made without blocking: a stop signal ends the attempt, and so does its timeout.
//
// libpqxx 6.4 brings the connection's life, quoting and conversions. Three things that it hides are done on libpq's
// handle: the SQLSTATE of a connection that was refused, a wait that a signal can end, and the fields of a server's
// error (position, DETAIL, HINT, CONTEXT).

namespace slipway {

// Thrown by Connection's constructor alone, for whoever tries: a refusal is an answer, and not yet an Error.
struct ConnectRefused {
  ConnectFailure failure;
};

// Hands libpqxx a connection that was made elsewhere.
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
  // One attempt at one address. What the server says meanwhile goes to the log.
  // Throws ConnectRefused, or Error 128+N when signal N has arrived.
  Connection(const ConnectParameters& parameters, const Patience& patience, StopSignals& signals);
  ~Connection() noexcept override { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // libpqxx keeps ownership.
  MadeConnection::handle handle() const noexcept { return get(); }
};

}  // namespace slipway
