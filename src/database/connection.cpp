#include "database/connection.h"

#include <array>
#include <memory>

#include <libpq-fe.h>
#include <poll.h>

#include "error/error.h"

namespace slipway {
namespace {

using Clock = std::chrono::steady_clock;
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
  const auto deadline = Clock::now() + timeout;
  // PostgreSQL: "PQconnectStartParams": behave at first as if PQconnectPoll had asked for writing.
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (PQstatus(connection.get()) != CONNECTION_BAD) {
    std::array<pollfd, 2> descriptors{
        pollfd{.fd = PQsocket(connection.get()),
               .events = static_cast<short>(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT),
               .revents = 0},
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) throw ConnectRefused{no_answer_within(timeout)};
    ::poll(descriptors.data(), descriptors.size(), static_cast<int>(left.count()));
    signals.check();
    if (descriptors[0].revents == 0) continue;
    wants = PQconnectPoll(connection.get());
    if (wants == PGRES_POLLING_OK) break;
    if (wants == PGRES_POLLING_FAILED) refuse(connection.get());
  }
  if (PQstatus(connection.get()) != CONNECTION_OK) refuse(connection.get());
  adopt(connection.release());
  init();
}

}  // namespace slipway
