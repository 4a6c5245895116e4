#include "database/session.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>

#include "base/text.h"
#include "base/utf8.h"
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

// How long a cancelled statement may take to end before slipway gives up the connection.
constexpr auto cancel_patience = 5s;

// The shortest time that an attempt gets, so that it has a chance to succeed.
constexpr auto shortest_attempt = 1s;

// libpq would accept such a server; slipway never does.
void require_no_standby_wanted(const ConnectParameters& parameters) {
  const std::string_view target = value_of(parameters, "target_session_attrs");
  if (target == "standby" || target == "read-only") throw ConnectRefused{standby_wanted(target)};
}

// The time that one of the remaining addresses may take.
Patience share_of(const SessionOptions& options, std::size_t addresses) {
  Patience patience{.time = options.connect_timeout, .connect_timeout = options.connect_timeout};
  if (!options.deadline) return patience;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*options.deadline - Clock::now());
  const std::chrono::milliseconds least = shortest_attempt;
  patience.time = std::min(patience.time, std::max(left / static_cast<std::int64_t>(addresses), least));
  return patience;
}

enum class Scope { transaction, session };

// set_config() takes values in the form of a connection's options, such as a list of schemas. SET has another grammar.
std::string set_statement(const Quoting& quoting, std::span<const ServerOptions::Setting> settings,
                          const std::optional<std::string>& role, Scope scope) {
  const bool local = scope == Scope::transaction;
  if (settings.empty())
    return role ? (local ? "SET LOCAL ROLE " : "SET ROLE ") + quoting.identifier(*role) + ";\n" : "";
  const auto set_config = [&](const std::string& name, const std::string& value) {
    return "pg_catalog.set_config(" + quoting.literal(name) + ", " + quoting.literal(value) +
           (local ? ", true)" : ", false)");
  };
  std::string calls;
  for (const auto& [name, value] : settings)
    calls += (calls.empty() ? "" : ", ") + set_config(name, value);
  // After the settings: the role may lack the privilege to make them.
  if (role) calls += ", " + set_config("role", *role);
  return "SELECT " + calls + ";\n";
}

// The server did not end a cancelled statement: the server or the network is down.
struct CancelUnanswered {};

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

Session::Session(const SessionOptions& options, StopSignals& signals) : signals_{signals}, role_{options.role} {
  const ConnectParameters parameters = connect_parameters(options.url);
  options_ = parse_server_options(value_of(parameters, "options"));
  if (options.access == Access::read_write) require_no_standby_wanted(parameters);
  std::optional<ConnectFailure> best;
  const std::vector<ConnectParameters> hosts = each_host(parameters);
  for (std::size_t i = 0; i < hosts.size() && !connection_; ++i) {
    try {
      connect_to(hosts[i], options, hosts.size() - i);
    } catch (const ConnectRefused& refused) {
      if (!best || hope(refused.failure) < hope(*best)) best = refused.failure;
    }
  }
  if (!connection_) throw ConnectRefused{*best};
  set_local_ = set_statement(*this, options_.settings, role_, Scope::transaction);
}

std::string Session::set_for_session() const {
  return set_statement(*this, options_.settings, role_, Scope::session);
}

// Tries the addresses until one succeeds, or until one fails in a way that the others can't fix.
void Session::connect_to(const ConnectParameters& host, const SessionOptions& options, std::size_t hosts_left) {
  std::vector<ConnectParameters> addresses{host};
  if (const std::string name = name_to_look_up(host); !name.empty())
    addresses = each_address(host, host_addresses(name, share_of(options, hosts_left).time, signals_));
  const auto start = Clock::now();
  std::vector<ConnectFailure> failures;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    try {
      connect(addresses[i], options, share_of(options, addresses.size() - i + hosts_left - 1));
      // A user who waits for this at each start should know why.
      if (!failures.empty() && Clock::now() - start > shortest_attempt)
        log::info("connection.other_address",
                  of_all_addresses(failures).reason + "; connected to " + host_name(addresses[i]) + " instead");
      return;
    } catch (const ConnectRefused& refused) {
      connection_.reset();
      failures.push_back(refused.failure);
      if (refused.failure.prospect != Prospect::not_yet) break;
    }
  }
  throw ConnectRefused{of_all_addresses(failures)};
}

void Session::connect(const ConnectParameters& address, const SessionOptions& options, const Patience& patience) {
  try {
    connection_ = std::make_unique<Connection>(address, patience, signals_);
  } catch (const ConnectRefused& refused) {
    if (!refused.failure.refuses_options || options_.has_others) throw;
    connect_without_options(address, patience);
  }
  if (options.access == Access::read_only && !options.requires_answer) return;
  const std::string host = host_name(address);
  if (in_recovery(options, host, patience) && options.access == Access::read_write)
    throw ConnectRefused{standby_refused(host)};
}

// For a pooler that refuses startup options. slipway makes their settings in each transaction anyway. This checks right
// away that the server accepts them, as a connection with options would have done.
void Session::connect_without_options(ConnectParameters address, const Patience& patience) {
  log::debug("connection.without_options",
             "the pooler at " + host_name(address) + " accepts no startup options; they are set in each transaction");
  set(address, "options", "");
  connection_ = std::make_unique<Connection>(address, patience, signals_);
  const Outcome outcome =
      ask(set_statement(*this, options_.settings, {}, Scope::transaction), host_name(address), patience);
  if (outcome.end == Outcome::End::failed)
    throw ConnectRefused{setting_refused(outcome.error->sqlstate, outcome.error->message)};
}

// PostgreSQL 14 and later reports this when a session starts. slipway queries older servers, and also those that report
// "on": a pooler may report the old state of a standby that has been promoted since (PostgreSQL: "Recovery Information
// Functions").
bool Session::in_recovery(const SessionOptions& options, std::string_view host, const Patience& patience) {
  const char* const reported = PQparameterStatus(connection_->handle(), "in_hot_standby");
  if (!options.requires_answer && reported != nullptr && std::string_view{reported} == "off") return false;
  const Outcome answer = ask("SELECT pg_catalog.pg_is_in_recovery()", host, patience);
  if (answer.end == Outcome::End::done) return answer.results.back().is_true(0, 0);
  throw ConnectRefused{{.reason = answer.error->message, .hint = {}}};
}

// Runs a query that is part of connecting.
Outcome Session::ask(const std::string& question, std::string_view host, const Patience& patience) {
  const auto deadline = Clock::now() + patience.time;
  Outcome answer = run(question, {.tick = [&] {
                         signals_.check();
                         if (Clock::now() > deadline) throw ConnectRefused{no_answer(host, patience)};
                       }});
  if (answer.end == Outcome::End::lost) throw ConnectRefused{{.reason = answer.lost_because, .hint = {}}};
  return answer;
}

std::string Session::literal(std::string_view text) const {
  return connection_->quote(std::string{text});
}
std::string Session::identifier(std::string_view name) const {
  return connection_->quote_name(std::string{name});
}
std::string Session::note(std::string_view text) const {
  return literal(has_every_character() ? std::string{text} : with_ascii(text));
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

bool Session::has_standard_strings() const noexcept {
  const char* const reported = PQparameterStatus(connection_->handle(), "standard_conforming_strings");
  return reported == nullptr || std::string_view{reported} != "off";
}
bool Session::has_every_character() const noexcept {
  const char* const reported = PQparameterStatus(connection_->handle(), "server_encoding");
  const std::string_view encoding = reported == nullptr ? "UTF8" : reported;
  return encoding == "UTF8" || encoding == "SQL_ASCII";
}

// PQcancel opens another connection and blocks without a timeout, so it runs in a thread. The thread owns what it needs
// and may outlive the session.
void Session::cancel() {
  cancelled_by_ = signals_.received();
  cancelled_at_ = Clock::now();
  std::shared_ptr<PGcancel> request{PQgetCancel(connection_->handle()), &PQfreeCancel};
  std::thread{[request] {
    std::array<char, 256> reason{};
    PQcancel(request.get(), reason.data(), static_cast<int>(reason.size()));
  }}.detach();
}

// Waits until there is something to read, or until the next tick. Throws CancelUnanswered.
void Session::wait_for_server(const std::function<void()>& tick) {
  PGconn* const connection = connection_->handle();
  const bool unsent = PQflush(connection) == 1;
  const int socket = PQsocket(connection);
  const auto ready = wait(
      {unsent ? readable_or_writable(socket) : readable(socket), readable(cancelled_by_ ? -1 : signals_.descriptor())},
      Deadline::after(tick_interval));
  // Another session may have consumed the signal.
  if (!cancelled_by_ && signals_.received()) cancel();
  if (cancelled_by_ && Clock::now() - cancelled_at_ > cancel_patience) throw CancelUnanswered{};
  if (ready[0]) PQconsumeInput(connection);
  if (tick && !ready[0]) tick();
}

// A script's COPY … TO STDOUT has no reader, and its COPY … FROM STDIN has no data.
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
    // A lost connection returns no more data; PQgetResult() reports the reason.
    if (length < 0 || PQstatus(connection) == CONNECTION_BAD) return;
    if (length == 0) wait_for_server(tick);
  }
}

Outcome Session::run(const std::string& message, const RunOptions& options) {
  try {
    return run_to_end(message, options);
  } catch (const CancelUnanswered&) {
    if (options.after_signal == RunOptions::AfterSignal::error) signals_.check();
    Outcome outcome;
    outcome.end = Outcome::End::lost;
    outcome.lost_because = "the server did not answer a cancel request";
    return outcome;
  }
}

Outcome Session::run_to_end(const std::string& message, const RunOptions& options) {
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
