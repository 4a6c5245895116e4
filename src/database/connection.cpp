#include "database/connection.h"

#include <memory>

#include <libpq-fe.h>

#include "base/wait.h"
#include "error/error.h"

namespace slipway {
namespace {

using Owned = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Owned start(const ConnectParameters& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  Owned connection{PQconnectStartParams(keywords.data(), values.data(), 0), &PQfinish};
  if (!connection) throw std::bad_alloc{};
  // Makes libpq write the SQLSTATE into the text of a refusal, the only place where it can be had.
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  return connection;
}

[[noreturn]] void refuse(PGconn* connection) {
  throw ConnectRefused{classify_connect_failure(PQerrorMessage(connection))};
}

}  // namespace

Connection::Connection(const ConnectParameters& parameters, std::chrono::milliseconds timeout, StopSignals& signals)
    : pqxx::connection_base{static_cast<MadeConnection&>(*this)} {
  Owned connection = start(parameters);
  const Deadline deadline = Deadline::after(timeout);
  // PostgreSQL: "PQconnectStartParams": behave at first as if PQconnectPoll had asked for writing.
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (PQstatus(connection.get()) != CONNECTION_BAD) {
    if (deadline.has_passed()) throw ConnectRefused{no_answer_within(timeout)};
    const int socket = PQsocket(connection.get());
    const auto ready =
        wait({wants == PGRES_POLLING_READING ? readable(socket) : writable(socket), readable(signals.descriptor())},
             deadline);
    signals.check();
    if (!ready[0]) continue;
    wants = PQconnectPoll(connection.get());
    if (wants == PGRES_POLLING_OK) break;
    if (wants == PGRES_POLLING_FAILED) refuse(connection.get());
  }
  if (PQstatus(connection.get()) != CONNECTION_OK) refuse(connection.get());
  adopt(connection.release());
  init();
}

}  // namespace slipway
