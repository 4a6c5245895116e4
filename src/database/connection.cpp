#include "database/connection.h"

#include <memory>
#include <new>

#include <libpq-fe.h>

#include "base/wait.h"
#include "database/hosts.h"
#include "database/server_error.h"
#include "error/error.h"
#include "log/log.h"

namespace slipway {
namespace {

using Owned = std::unique_ptr<PGconn, decltype(&PQfinish)>;

log::Level level_of(std::string_view severity) {
  if (severity == "WARNING") return log::Level::warning;
  if (severity == "NOTICE" || severity == "INFO") return log::Level::info;
  return log::Level::debug;
}

void log_notice(void*, const PGresult* result) {
  const ServerError notice = ServerError::from(result);
  std::string sentence = "PostgreSQL: " + notice.message;
  if (!notice.detail.empty()) sentence += " (" + notice.detail + ")";
  log::write(level_of(notice.severity), "database.notice", sentence,
             {{"sqlstate", notice.sqlstate}, {"severity", notice.severity}});
}

Owned start(const ConnectParameters& parameters) {
  Owned connection{PQconnectStart(connection_string(parameters).c_str()), &PQfinish};
  if (!connection) throw std::bad_alloc{};
  // Makes libpq write the SQLSTATE into the message of a refused connection; there is no other way to get it.
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  // The server may send notices while libpq connects, and libpq would write them to stderr.
  PQsetNoticeReceiver(connection.get(), log_notice, nullptr);
  return connection;
}

[[noreturn]] void refuse(PGconn* connection) {
  throw ConnectRefused{classify_connect_failure(PQerrorMessage(connection))};
}

// Migrations are UTF-8, and slipway requests that encoding. If a pooler drops the request, the server would misread
// their text.
void require_utf8(PGconn* connection, const std::string& host) {
  const char* const encoding = PQparameterStatus(connection, "client_encoding");
  if (encoding == nullptr || PQclientEncoding(connection) == pg_char_to_encoding("UTF8")) return;
  throw ConnectRefused{{.prospect = Prospect::never,
                        .exit_code = ExitCode::bad_configuration,
                        .reason = host + " reads what slipway sends as " + encoding + ", not as UTF-8",
                        .hint =
                            "configure the connection pooler to pass on client_encoding, or use a database URL that "
                            "bypasses it"}};
}

}  // namespace

Connection::Connection(const ConnectParameters& parameters, const Patience& patience, StopSignals& signals)
    : pqxx::connection_base{static_cast<MadeConnection&>(*this)} {
  Owned connection = start(parameters);
  const Deadline deadline = Deadline::after(patience.time);
  // PostgreSQL: "PQconnectStartParams": behave at first as if PQconnectPoll had asked for writing.
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (PQstatus(connection.get()) != CONNECTION_BAD) {
    if (deadline.has_passed()) throw ConnectRefused{no_answer(host_name(parameters), patience)};
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
  require_utf8(connection.get(), host_name(parameters));
  adopt(connection.release());
  init();
  PQsetNoticeReceiver(handle(), log_notice, nullptr);
  PQsetnonblocking(handle(), 1);
}

}  // namespace slipway
