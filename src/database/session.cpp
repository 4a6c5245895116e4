#include "database/session.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <thread>

#include "base/wait.h"
#include "database/host_addresses.h"
#include "database/hosts.h"
#include "error/error.h"
#include "log/log.h"

namespace slipway {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto tick_interval = 100ms;

// How long a statement may take to end once it was cancelled, before the connection is given up.
constexpr auto cancel_patience = 5s;

struct Default {
  const char* keyword;
  const char* value;
};

constexpr std::string_view target_keyword = "target_session_attrs";

// What is not in the URL and not libpq's own default. A silently cut network is noticed within half a minute.
constexpr std::array defaults{
    Default{"fallback_application_name", "slipway"},
    Default{"client_encoding", "UTF8"},
    Default{"keepalives_idle", "10"},
    Default{"keepalives_interval", "5"},
    Default{"keepalives_count", "3"},
    Default{"tcp_user_timeout", "30000"},
};

bool has(const ConnectParameters& parameters, std::string_view keyword) {
  return std::ranges::find(parameters, keyword, &ConnectParameters::value_type::first) != parameters.end();
}

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// What the URL does not say, libpq takes from PGHOST and the like, or from the service that PGSERVICE names.
void add_from_environment(ConnectParameters& parameters) {
  if (has(parameters, "service")) return;
  const bool has_host = has(parameters, "host") || has(parameters, "hostaddr");
  const bool has_target = has(parameters, target_keyword);
  // To ask libpq for its defaults is to have it look up who runs this, in as many files as the machine has for that.
  if (has_host && (has_target || !(is_set("PGTARGETSESSIONATTRS") || is_set("PGSERVICE")))) return;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known{PQconndefaults(), &PQconninfoFree};
  for (const PQconninfoOption* option = known.get(); option != nullptr && option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if (option->val == nullptr || *option->val == '\0') continue;
    if ((!has_host && (keyword == "host" || keyword == "hostaddr")) || (!has_target && keyword == target_keyword))
      parameters.emplace_back(keyword, option->val);
  }
}

ConnectParameters with_defaults(ConnectParameters parameters) {
  add_from_environment(parameters);
  for (const auto& [keyword, value] : defaults)
    if (!has(parameters, keyword)) parameters.emplace_back(keyword, value);
  return parameters;
}

// A server that libpq would take, and slipway never.
void require_no_standby_wanted(const ConnectParameters& parameters) {
  for (const auto& [keyword, value] : parameters)
    if (keyword == target_keyword && (value == "standby" || value == "read-only"))
      throw ConnectRefused{standby_wanted(value)};
}

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

int hope(const ConnectFailure& failure) {
  return static_cast<int>(failure.prospect);
}

std::string without_line_ends(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  return text;
}

}  // namespace

Session::Session(const SessionOptions& options, StopSignals& signals) : signals_{signals} {
  const ConnectParameters parameters = with_defaults(options.url.parameters());
  if (options.access == Access::read_write) require_no_standby_wanted(parameters);
  std::optional<ConnectFailure> best;
  for (ConnectParameters host : each_host(parameters)) {
    try {
      if (const std::string name = name_to_look_up(host); !name.empty())
        host = with_addresses(std::move(host), host_addresses(name, options.connect_timeout, signals));
      connection_ = std::make_unique<Connection>(host, options.connect_timeout, signals);
      PQsetNoticeReceiver(connection_->handle(), log_notice, nullptr);
      PQsetnonblocking(connection_->handle(), 1);
      if (options.access == Access::read_only && !options.requires_answer) break;
      if (!in_recovery(options) || options.access == Access::read_only) break;
      throw ConnectRefused{standby_refused(host_name(host))};
    } catch (const ConnectRefused& refused) {
      connection_.reset();
      if (!best || hope(refused.failure) < hope(*best)) best = refused.failure;
    }
  }
  if (!connection_) throw ConnectRefused{*best};
  if (options.role) set_role_ = "SET LOCAL ROLE " + Session::identifier(*options.role) + ";";
}

// Servers from 14 report it at connecting. Older ones are asked, and whoever says yes: a pooler remembers that of a
// standby that was promoted since (PostgreSQL: "Recovery Information Functions").
bool Session::in_recovery(const SessionOptions& options) {
  const char* const reported = PQparameterStatus(connection_->handle(), "in_hot_standby");
  if (!options.requires_answer && reported != nullptr && std::string_view{reported} == "off") return false;
  const std::chrono::milliseconds patience = options.connect_timeout;
  const auto deadline = Clock::now() + patience;
  const Outcome answer = run("SELECT pg_catalog.pg_is_in_recovery()", {.tick = [&] {
                               signals_.check();
                               if (Clock::now() > deadline) throw ConnectRefused{no_answer_within(patience)};
                             }});
  if (answer.end == Outcome::End::done) return answer.results.back().is_true(0, 0);
  throw ConnectRefused{
      {.reason = answer.end == Outcome::End::lost ? answer.lost_because : answer.error->message, .hint = {}}};
}

std::string Session::literal(std::string_view text) const {
  return connection_->quote(std::string{text});
}
std::string Session::identifier(std::string_view name) const {
  return connection_->quote_name(std::string{name});
}
bool Session::is_lost() {
  return PQconsumeInput(connection_->handle()) == 0 || PQstatus(connection_->handle()) == CONNECTION_BAD;
}
bool Session::in_transaction() const noexcept {
  return PQtransactionStatus(connection_->handle()) != PQTRANS_IDLE;
}
int Session::backend_pid() const noexcept {
  return PQbackendPID(connection_->handle());
}
int Session::server_version() const noexcept {
  return PQserverVersion(connection_->handle());
}
int Session::socket() const noexcept {
  return PQsocket(connection_->handle());
}

// PQcancel makes a connection of its own and blocks meanwhile, without a timeout: hence the thread. It owns what it
// needs, and may outlive the session.
void Session::cancel() {
  cancelled_by_ = signals_.received();
  cancelled_at_ = Clock::now();
  std::shared_ptr<PGcancel> request{PQgetCancel(connection_->handle()), &PQfreeCancel};
  std::thread{[request] {
    std::array<char, 256> reason{};
    PQcancel(request.get(), reason.data(), static_cast<int>(reason.size()));
  }}.detach();
}

// Until there is something to read, or to do.
void Session::wait_for_server(const std::function<void()>& tick) {
  PGconn* const connection = connection_->handle();
  const bool unsent = PQflush(connection) == 1;
  const int socket = PQsocket(connection);
  const auto ready = wait(
      {unsent ? readable_or_writable(socket) : readable(socket), readable(cancelled_by_ ? -1 : signals_.descriptor())},
      Deadline::after(tick_interval));
  // Another session may have been the one to take the signal.
  if (!cancelled_by_ && signals_.received()) cancel();
  if (cancelled_by_ && Clock::now() - cancelled_at_ > cancel_patience) signals_.check();
  if (ready[0]) PQconsumeInput(connection);
  if (tick && !ready[0]) tick();
}

// A script's COPY … TO STDOUT has nobody to read it, and COPY … FROM STDIN nobody to write it.
void Session::drain_copy(PGresult* result, const std::function<void()>& tick) {
  PGconn* const connection = connection_->handle();
  if (PQresultStatus(result) == PGRES_COPY_IN) {
    PQputCopyEnd(connection, "slipway has no data to send: a migration can't COPY FROM STDIN");
    return;
  }
  for (;;) {
    char* line = nullptr;
    const int length = PQgetCopyData(connection, &line, 1);
    PQfreemem(line);
    // Of a connection that is gone there is never more, and PQgetResult() says why.
    if (length < 0 || PQstatus(connection) == CONNECTION_BAD) return;
    if (length == 0) wait_for_server(tick);
  }
}

Outcome Session::run(const std::string& message, const RunOptions& options) {
  PGconn* const connection = connection_->handle();
  Outcome outcome;
  if (PQsendQuery(connection, message.c_str()) == 0) {
    outcome.end = Outcome::End::lost;
    outcome.lost_because = without_line_ends(PQerrorMessage(connection));
    return outcome;
  }
  if (options.keep == RunOptions::Keep::last_row) PQsetSingleRowMode(connection);
  for (;;) {
    while (PQisBusy(connection) == 1)
      wait_for_server(options.tick);
    PGresult* const result = PQgetResult(connection);
    if (result == nullptr) break;
    switch (PQresultStatus(result)) {
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        drain_copy(result, options.tick);
        PQclear(result);
        break;
      case PGRES_SINGLE_TUPLE:
        outcome.last_row.emplace(result);
        break;
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE:
        outcome.end = Outcome::End::failed;
        outcome.error = ServerError::from(result);
        if (PQstatus(connection) == CONNECTION_BAD)
          outcome.lost_because = without_line_ends(PQresultErrorMessage(result));
        PQclear(result);
        break;
      default:
        ++outcome.finished;
        if (options.keep == RunOptions::Keep::rows)
          outcome.results.emplace_back(result);
        else
          PQclear(result);
    }
  }
  if (cancelled_by_ && options.after_signal == RunOptions::AfterSignal::error) signals_.check();
  if (PQstatus(connection) == CONNECTION_BAD) {
    outcome.end = Outcome::End::lost;
    if (outcome.lost_because.empty()) outcome.lost_because = without_line_ends(PQerrorMessage(connection));
  }
  return outcome;
}

std::vector<Rows> Session::query(const std::string& message) {
  Outcome outcome = run(message);
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::done) return std::move(outcome.results);
  throw refused_statement(*outcome.error);
}

void Session::rollback() {
  if (in_transaction()) query("ROLLBACK");
}

}  // namespace slipway
