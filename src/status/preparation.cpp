#include "status/preparation.h"

#include <array>
#include <ctime>

#include <nlohmann/json.hpp>

namespace slipway {
namespace {

std::string_view word(Phase phase) {
  switch (phase) {
    case Phase::waiting_for_database:
      return "waiting-for-database";
    case Phase::waiting_for_turn:
      return "waiting-for-turn";
    case Phase::migrating:
      return "migrating";
  }
  return {};
}

// RFC 3339 in UTC.
std::string timestamp(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

void Preparation::enter(Phase phase, std::string_view revision) {
  const std::scoped_lock lock{mutex_};
  if (phase == now_.phase && revision == now_.revision) return;
  now_ = {.phase = phase, .revision = std::string{revision}, .since = std::chrono::system_clock::now()};
}

Preparation::Now Preparation::now() const {
  const std::scoped_lock lock{mutex_};
  return now_;
}

std::string as_json(const Preparation::Now& now) {
  nlohmann::ordered_json json;
  json["phase"] = word(now.phase);
  if (!now.revision.empty()) json["revision"] = now.revision;
  json["since"] = timestamp(now.since);
  return json.dump();
}

}  // namespace slipway
