#include "process/signal_name.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

#include <signal.h>

#include "base/nearest.h"
#include "error/error.h"
#include "process/signals.h"

namespace slipway {
namespace {

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "RTMIN", "RTMIN+2", "RTMAX-1"; the prefix has been seen.
std::optional<int> real_time(std::string_view name) {
  const int base = name.starts_with("RTMIN") ? SIGRTMIN : SIGRTMAX;
  std::string_view offset = name.substr(5);
  if (offset.empty()) return base;
  if (offset.front() == '+') offset.remove_prefix(1);
  const auto number = whole_number(offset);
  if (!number || base + *number < SIGRTMIN || base + *number > SIGRTMAX) return std::nullopt;
  return base + *number;
}

std::optional<int> named(std::string_view name) {
  if (name.starts_with("RTMIN") || name.starts_with("RTMAX")) return real_time(name);
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    const char* abbreviation = ::sigabbrev_np(signal);
    if (abbreviation != nullptr && name == abbreviation) return signal;
  }
  // Names that <signal.h> has besides: signal(7).
  if (name == "IOT") return SIGABRT;
  if (name == "CLD") return SIGCHLD;
  if (name == "POLL") return SIGPOLL;
  return std::nullopt;
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (int signal = 1; signal < SIGRTMIN; ++signal)
    if (const char* abbreviation = ::sigabbrev_np(signal)) result.emplace_back(abbreviation);
  return result;
}

}  // namespace

int signal_number(std::string_view text) {
  std::string name{text};
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (name.starts_with("SIG")) name.erase(0, 3);
  const auto number = whole_number(name);
  const auto signal = number ? number : named(name);
  if (signal && *signal >= 1 && *signal <= last_signal) return *signal;
  const std::string question = number ? std::string{} : did_you_mean(name, names());
  throw Error{ExitCode::usage, "'" + std::string{text} + "' is not a signal",
              question.empty() ? "give a name such as TERM or RTMIN+1, or a number from 1 to 64" : question};
}

std::string signal_name(int signal) {
  if (signal == SIGRTMIN) return "SIGRTMIN";
  if (signal > SIGRTMIN && signal <= SIGRTMAX) return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
  if (const char* abbreviation = ::sigabbrev_np(signal)) return std::string{"SIG"} + abbreviation;
  return "signal " + std::to_string(signal);
}

}  // namespace slipway
