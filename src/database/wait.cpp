#include "database/wait.h"

#include <algorithm>
#include <string>

#include "base/wait.h"
#include "database/backoff.h"
#include "error/error.h"
#include "log/log.h"

namespace slipway {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds first_pause = 50ms;
constexpr milliseconds longest_pause = 1s;

// A pause can delay the launch by its length, so it is limited to 2 % of the elapsed wait: after five seconds, a tenth
// of a second. After almost a minute it reaches its maximum, which spares a server with many clients.
milliseconds longest_pause_after(milliseconds waited) {
  constexpr int part = 50;
  return std::clamp(waited / part, first_pause, longest_pause);
}

std::string seconds(Clock::duration duration) {
  const auto tenths = std::chrono::duration_cast<milliseconds>(duration).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

// How long slipway retries failures of one kind.
milliseconds limit(Prospect prospect, const WaitPolicy& policy) {
  switch (prospect) {
    case Prospect::not_yet:
      return policy.timeout;
    case Prospect::perhaps:
      return std::min(policy.grace, policy.timeout);
    case Prospect::never:
      break;
  }
  return 0ms;
}

// Keeps the attempts from lasting much longer than the wait timeout.
SessionOptions within(SessionOptions options, const WaitPolicy& policy, Clock::time_point start) {
  if (policy.timeout > 0ms) options.deadline = start + policy.timeout;
  return options;
}

[[noreturn]] void give_up(const ConnectFailure& failure, const std::string& server, const WaitPolicy& policy,
                          Clock::duration waited) {
  std::string message = "can't connect to " + server;
  if (failure.prospect != Prospect::never && waited >= 100ms) message += " after " + seconds(waited);
  message += ": " + failure.reason;
  std::string hint = failure.hint;
  if (hint.empty()) hint = "check that PostgreSQL is running and that the host and port are right";
  if (failure.prospect == Prospect::not_yet)
    hint +=
        policy.timeout > 0ms ? "; increase --wait-timeout to wait longer" : "; use --wait-timeout 60s to wait for it";
  throw Error{failure.exit_code, message, hint};
}

}  // namespace

void pause(milliseconds duration, StopSignals& signals) {
  wait({readable(signals.descriptor())}, Deadline::after(duration));
  signals.check();
}

Session wait_until_ready(const SessionOptions& options, const WaitPolicy& policy, StopSignals& signals) {
  const std::string server = "PostgreSQL at " + options.url.host_description();
  const auto start = Clock::now();
  Backoff backoff{first_pause, longest_pause};
  std::string last_reason;
  Prospect last_prospect = Prospect::not_yet;
  Clock::time_point refused_since = start;

  for (;;) {
    try {
      Session session{within(options, policy, start), signals};
      if (!last_reason.empty())
        log::info("wait.ready", server + " is ready after " + seconds(Clock::now() - start),
                  {{"waited_ms", std::int64_t{since(start).count()}}});
      return session;
    } catch (const ConnectRefused& refused) {
      const ConnectFailure& failure = refused.failure;
      if (failure.prospect != last_prospect) refused_since = Clock::now();
      last_prospect = failure.prospect;
      const auto begin = failure.prospect == Prospect::perhaps ? refused_since : start;
      const milliseconds left = std::min(limit(failure.prospect, policy) - since(begin), policy.timeout - since(start));
      if (left <= 0ms) give_up(failure, server, policy, Clock::now() - start);
      if (failure.reason != last_reason)
        log::info("wait.not_ready", "waiting for " + server + ": " + failure.reason, {{"reason", failure.reason}});
      last_reason = failure.reason;
      pause(std::min(backoff.next(longest_pause_after(since(start))), left), signals);
    }
  }
}

}  // namespace slipway
