#include "status/live_line.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/text.h"
#include "base/utf8.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

// Work that ends sooner shows no line.
constexpr auto shown_after = 300ms;

std::size_t width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

void LiveLine::during(const std::string& what, std::chrono::milliseconds elapsed) {
  if (where_ == Where::nowhere || elapsed < shown_after) return;
  const std::string time = in_seconds(elapsed);
  constexpr std::size_t around_dots = 4;  // " … ", and the last column, after which some terminals wrap at once
  const std::size_t room = width() - std::min(width(), time.size() + around_dots);
  // Assumes one column per character. Erases the rest of the line after the text (ECMA-48, EL).
  std::cerr << '\r' << first_characters(what, room) << " … " << time << "\033[K" << std::flush;
  shown_ = true;
}

void LiveLine::over() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

LiveLine::Where live_line_place(const Settings& settings) {
  const char* const terminal = std::getenv("TERM");
  const bool can_move = terminal != nullptr && std::string_view{terminal} != "dumb";
  return ::isatty(STDERR_FILENO) == 1 && can_move && settings.output.log_format == log::Format::text
             ? LiveLine::Where::terminal
             : LiveLine::Where::nowhere;
}

}  // namespace slipway
