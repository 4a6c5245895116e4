#include "init/diagnostics.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "process/signals.h"

namespace slipway {
namespace {

// A pipe on a kernel before 6.4, where a pipe can't be written to with RWF_NOWAIT: the text goes through another pipe,
// whose content can be moved without waiting (splice(2)).
ssize_t splice_without_waiting(int descriptor, std::string_view text) noexcept {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
  ssize_t written = ::write(ends[1], text.data(), text.size());
  if (written > 0)
    written = ::splice(ends[0], nullptr, descriptor, nullptr, text.size(), SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  const int reason = errno;
  ::close(ends[0]);
  ::close(ends[1]);
  errno = reason;
  return written;
}

bool has_room(int descriptor) noexcept {
  pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0;
}

ssize_t write_to_pipe(int descriptor, std::string_view text) noexcept {
  const iovec part{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  const ssize_t written = ::pwritev2(descriptor, &part, 1, -1, RWF_NOWAIT);
  if (written >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) return written;
  return splice_without_waiting(descriptor, text);
}

// If poll(2) says that a terminal is writable, it has room for a byte, not for a line. O_NONBLOCK on a new open file
// description makes it accept what fits. If that can't be opened through /proc, the line is written byte by byte.
ssize_t write_to_terminal(int descriptor, std::string_view text) noexcept {
  constexpr std::string_view folder = "/proc/self/fd/";
  std::array<char, 32> path{};  // ends with zeros
  std::to_chars(std::ranges::copy(folder, path.begin()).out, path.end() - 1, descriptor);
  const int own = ::open(path.data(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own >= 0) {
    const ssize_t written = ::write(own, text.data(), text.size());
    ::close(own);
    return written;
  }
  std::size_t written = 0;
  while (written < text.size() && has_room(descriptor) && ::write(descriptor, &text[written], 1) == 1)
    ++written;
  return static_cast<ssize_t>(written);
}

ssize_t write_once(int descriptor, std::string_view text) noexcept {
  struct stat file {};
  if (::fstat(descriptor, &file) != 0 || !has_room(descriptor)) return 0;
  if (S_ISSOCK(file.st_mode)) return ::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (S_ISFIFO(file.st_mode)) return write_to_pipe(descriptor, text);
  if (S_ISCHR(file.st_mode) && ::isatty(descriptor) == 1) return write_to_terminal(descriptor, text);
  return ::write(descriptor, text.data(), text.size());
}

}  // namespace

void write_without_waiting(int descriptor, std::string_view text) noexcept {
  const bool sigpipe_before = pending_signals().has(SIGPIPE);
  if (write_once(descriptor, text) < 0 && errno == EPIPE && !sigpipe_before && pending_signals().has(SIGPIPE))
    take_signal(SignalSet::of(SIGPIPE), std::chrono::nanoseconds::zero());
}

void Diagnostics::write(Level level, std::string_view text) const noexcept {
  if (!enabled(level)) return;
  constexpr std::string_view name = "slipway-init: ";
  std::array<char, 2048> line{};
  auto* end = std::ranges::copy(name, line.begin()).out;
  end = std::ranges::copy(text.substr(0, line.size() - name.size() - 1), end).out;
  *end++ = '\n';
  write_without_waiting(STDERR_FILENO, {line.data(), static_cast<std::size_t>(end - line.data())});
}

}  // namespace slipway
