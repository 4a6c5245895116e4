#include "status/termination_log.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "base/utf8.h"
#include "log/log.h"

namespace slipway {
namespace {

// Kubernetes: MaxContainerTerminationMessageLength.
constexpr std::size_t longest = 4096;
constexpr auto kubernetes_path = "/dev/termination-log";

}  // namespace

std::string termination_message(const Error& error) {
  std::string end = "\nexit code " + std::to_string(static_cast<int>(error.exit_code())) + "\n";
  if (!error.hint().empty()) end = "\nhint: " + shortened(error.hint(), longest / 2) + end;
  return shortened(error.message(), longest - end.size()) + end;
}

std::optional<std::filesystem::path> default_termination_log() {
  // Container runtimes start the main process, and each process that `exec` adds, in a separate session.
  const bool is_main = ::getsid(0) == 1;
  if (!is_main || ::access(kubernetes_path, F_OK) != 0) return std::nullopt;
  return kubernetes_path;
}

void write_termination_log(const std::filesystem::path& file, const Error& error) {
  const std::string message = termination_message(error);
  // Written in place: Kubernetes mounts the file itself into the container and reads that file, so it can't be
  // replaced. O_NOFOLLOW: Kubernetes does not mount a link, and a link in a folder that another user can write to could
  // lead root to any file. O_NONBLOCK: a pipe without a reader must not keep a container from ending.
  const Descriptor descriptor{
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644)};
  if (::write(descriptor.number(), message.data(), message.size()) == static_cast<ssize_t>(message.size())) return;
  log::debug("termination_log.not_written", "can't write the reason to " + file.string() + ": " + std::strerror(errno));
}

}  // namespace slipway
