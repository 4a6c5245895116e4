#include "process/unexecutable.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "process/program_start.h"

namespace slipway {
namespace {

std::string start_of(const std::string& file, std::size_t most) {
  std::string start(most, '\0');
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  const ssize_t size = ::read(descriptor.number(), start.data(), start.size());
  start.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return start;
}

std::string own_machine() {
  utsname system{};
  ::uname(&system);
  return system.machine;
}

Error cannot(const std::string& file, const std::string& reason, const std::string& hint = {}) {
  return Error{ExitCode::not_executable, in_quotes(file) + " can't be executed: " + reason, hint};
}

Error missing_interpreter(const std::string& file, std::string_view start) {
  if (const auto interpreter = script_interpreter(start); !interpreter.empty()) {
    if (interpreter.ends_with('\r'))
      return cannot(file, "its first line ends in a carriage return", "save the script with Unix line ends (LF)");
    return cannot(file, "its interpreter " + in_quotes(interpreter) + " does not exist",
                  "install it in the image or correct the #! line");
  }
  if (const auto loader = elf_loader(start); !loader.empty())
    return cannot(file, "its program loader " + in_quotes(loader) + " does not exist",
                  "build it for this image or link it statically; it was built for another C library");
  return cannot(file, "a file that it needs to start does not exist");
}

Error denied(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return cannot(file, "permission denied for a folder above it",
                  "give the user execute permission on every folder above it");
  if (S_ISDIR(status.st_mode)) return cannot(file, "it is a folder");
  if (!S_ISREG(status.st_mode)) return cannot(file, "it is not a regular file");
  if ((status.st_mode & 0111) == 0) return cannot(file, "it has no execute permission", "chmod +x it, in the image");
  struct statvfs mount {};
  if (::statvfs(file.c_str(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0)
    return cannot(file, "its file system is mounted noexec");
  const std::string start = start_of(file, program_start_size);
  const std::string interpreter{is_elf(start) ? elf_loader(start) : script_interpreter(start)};
  if (!interpreter.empty() && ::access(interpreter.c_str(), X_OK) != 0)
    return cannot(file, "its interpreter " + in_quotes(interpreter) + " is not executable");
  return cannot(file, "permission denied",
                "give the user execute permission on it, on its interpreter and on the folders above them");
}

Error wrong_format(const std::string& file) {
  const std::string start = start_of(file, 64);
  if (!is_elf(start)) return cannot(file, "its format is unknown and /bin/sh can't run it");
  return cannot(file, "it is a program for " + machine_of(start) + ", and this machine is " + own_machine(),
                "build the image for this platform; if it is built for it, the file is damaged");
}

}  // namespace

Error not_found_in_path(std::string_view name, std::string_view path) {
  return Error{ExitCode::not_found, in_quotes(name) + " was not found",
               "PATH is " + std::string{path} + "; install it in the image or give its full path"};
}

Error unexecutable(const std::string& file, int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR: {
      const bool exists = ::access(file.c_str(), F_OK) == 0;
      if (exists) return missing_interpreter(file, start_of(file, program_start_size));
      return Error{ExitCode::not_found, in_quotes(file) + " does not exist", {}};
    }
    case EACCES:
      return denied(file);
    case ENOEXEC:
    case EINVAL:
      return wrong_format(file);
    case EAGAIN:
      return cannot(file, "its user has reached the limit on processes (RLIMIT_NPROC)",
                    "raise the limit with ulimit -u");
    case E2BIG:
      return cannot(file, "its arguments and environment are longer than the kernel allows");
    case ETXTBSY:
      return cannot(file, "another process has it open for writing");
    default:
      return cannot(file, std::strerror(errno_value));
  }
}

}  // namespace slipway
