#include "settings/bounded_file.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/wait.h"
#include "error/error.h"

namespace slipway {
namespace {

Error can_not_read(const std::string& name, int reason) {
  return {ExitCode::bad_configuration, "can't read " + name + ": " + std::generic_category().message(reason),
          reason == EACCES ? "make it readable for the user that slipway runs as" : "check the name"};
}

// A pipe that no process has opened for writing yet has neither text nor an end (fifo(7)).
void wait_for_text(const Descriptor& descriptor, const std::string& name) {
  constexpr std::chrono::seconds patience{10};
  if (wait({readable(descriptor.number())}, Deadline::after(patience)).none())
    throw Error{ExitCode::bad_configuration, name + " is a pipe, and no data arrived within 10 s",
                "check the process that writes to it, or use a file"};
}

}  // namespace

std::string read_bounded_file(const std::filesystem::path& file, const std::string& name, std::size_t limit) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!descriptor) throw can_not_read(name, errno);
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    wait_for_text(descriptor, name);
    const ssize_t count = ::read(descriptor.number(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) throw can_not_read(name, errno);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit)
      throw Error{ExitCode::bad_configuration, name + " is larger than " + std::to_string(limit / 1024) + " KiB",
                  "check that this is the file you mean"};
  }
}

}  // namespace slipway
