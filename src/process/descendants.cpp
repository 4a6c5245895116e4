#include "process/descendants.h"

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace slipway {
namespace {

struct Process {
  pid_t id;
  pid_t parent;
};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// The fourth field of /proc/ID/stat; the second, the name, may hold blanks and parentheses (proc(5)).
std::optional<pid_t> parent_of(std::string_view id) {
  const std::string path = "/proc/" + std::string{id} + "/stat";
  std::array<char, 512> text{};
  const Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  const ssize_t size = ::read(descriptor.number(), text.data(), text.size());
  const std::string_view stat{text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 4 > stat.size()) return std::nullopt;
  return number(stat.substr(name_end + 4));
}

// A /proc of another PID namespace has other processes under our numbers.
bool proc_is_ours() {
  std::array<char, 16> id{};
  const ssize_t size = ::readlink("/proc/self", id.data(), id.size());
  return size > 0 && number({id.data(), static_cast<std::size_t>(size)}) == ::getpid();
}

std::vector<Process> processes() {
  std::vector<Process> result;
  if (!proc_is_ours()) return result;
  const std::unique_ptr<DIR, CloseFolder> proc{::opendir("/proc")};
  while (const dirent* entry = proc ? ::readdir(proc.get()) : nullptr) {
    const auto id = number(entry->d_name);
    const auto parent = id ? parent_of(entry->d_name) : std::nullopt;
    if (parent) result.push_back({*id, *parent});
  }
  return result;
}

}  // namespace

std::vector<pid_t> descendants() {
  const std::vector<Process> all = processes();
  std::vector<pid_t> found{::getpid()};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const Process& process : all)
      if (process.parent == found[i]) found.push_back(process.id);
  found.erase(found.begin());
  return found;
}

}  // namespace slipway
