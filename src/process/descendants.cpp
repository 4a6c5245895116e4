#include "process/descendants.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace slipway {
namespace {

std::optional<pid_t> number(std::string_view text) noexcept {
  pid_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// The fourth field of /proc/ID/stat. The second field, the name, may contain spaces and parentheses (proc(5)).
std::optional<pid_t> parent_of(int proc, pid_t process) noexcept {
  std::array<char, 24> name{};  // ends with zeros
  std::ranges::copy(std::string_view{"/stat"}, std::to_chars(name.data(), name.data() + 12, process).ptr);
  const Descriptor file{::openat(proc, name.data(), O_RDONLY | O_CLOEXEC)};
  std::array<char, 512> text{};
  const ssize_t size = ::read(file.number(), text.data(), text.size());
  const std::string_view stat{text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 4 > stat.size()) return std::nullopt;
  return number(stat.substr(name_end + 4));
}

bool is_descendant(int proc, pid_t process, pid_t ancestor) noexcept {
  for (auto parent = parent_of(proc, process); parent && *parent > 0; parent = parent_of(proc, *parent))
    if (*parent == ancestor) return true;
  return false;
}

// The /proc of another PID namespace has other processes under the same numbers.
bool is_ours(int proc) noexcept {
  std::array<char, 16> id{};
  const ssize_t size = ::readlinkat(proc, "self", id.data(), id.size());
  return size > 0 && number({id.data(), static_cast<std::size_t>(size)}) == ::getpid();
}

}  // namespace

bool signal_descendants(int signal, pid_t spared) noexcept {
  const pid_t self = ::getpid();
  const Descriptor proc{::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!proc || !is_ours(proc.number())) return false;
  alignas(dirent64) std::array<char, 4096> entries{};
  for (ssize_t size = 0; (size = ::getdents64(proc.number(), entries.data(), entries.size())) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* const entry = reinterpret_cast<const dirent64*>(&entries.at(static_cast<std::size_t>(at)));
      at += entry->d_reclen;
      const std::string_view name{entry->d_name};
      const auto process = number(name);
      if (!process || !is_descendant(proc.number(), *process, self)) continue;
      if (spared == 0 || ::getpgid(*process) != spared) ::kill(*process, signal);
    }
  }
  return true;
}

bool kill_descendants() noexcept {
  for (;;) {
    if (!signal_descendants(SIGKILL)) return false;
    // A process that was forked behind the scan is found after its parent has died, which is awaited here.
    pid_t ended = ::waitpid(-1, nullptr, 0);
    while (ended > 0)
      ended = ::waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) return true;
  }
}

}  // namespace slipway
