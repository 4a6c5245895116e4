#include "process/unexecutable.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"

namespace slipway {
namespace {

struct Machine {
  unsigned number;
  std::string_view name;
};

// elf.h's EM_ numbers that images are built for, with the names that uname(1) and `docker build --platform` have.
constexpr std::array<Machine, 8> machines{{{EM_386, "i386"},
                                           {EM_ARM, "arm"},
                                           {EM_X86_64, "x86_64 (amd64)"},
                                           {EM_AARCH64, "aarch64 (arm64)"},
                                           {EM_PPC64, "ppc64"},
                                           {EM_S390, "s390x"},
                                           {EM_RISCV, "riscv64"},
                                           {EM_MIPS, "mips"}}};

std::string start_of(const std::string& file, std::size_t most) {
  std::string start(most, '\0');
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  const ssize_t size = ::read(descriptor.number(), start.data(), start.size());
  start.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return start;
}

bool is_elf(std::string_view start) {
  return start.starts_with(ELFMAG);
}

// The interpreter of a "#!" line, with a carriage return where it has one (execve(2), "Interpreter scripts").
std::optional<std::string> script_interpreter(std::string_view start) {
  if (!start.starts_with("#!")) return std::nullopt;
  std::string_view line = start.substr(2, start.find('\n') - 2);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return std::string{line.substr(0, line.find_first_of(" \t"))};
}

// The program loader that a 64-bit ELF file asks for (elf(5), PT_INTERP).
std::optional<std::string> elf_loader(std::string_view start) {
  Elf64_Ehdr header{};
  if (!is_elf(start) || start.size() < sizeof header || start[EI_CLASS] != ELFCLASS64) return std::nullopt;
  std::memcpy(&header, start.data(), sizeof header);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part{};
    const std::size_t offset = header.e_phoff + i * sizeof part;
    if (offset > start.size() || start.size() - offset < sizeof part) return std::nullopt;
    std::memcpy(&part, start.data() + offset, sizeof part);
    if (part.p_type != PT_INTERP || part.p_offset >= start.size()) continue;
    const std::string_view loader = start.substr(part.p_offset, part.p_filesz);
    return std::string{loader.substr(0, loader.find('\0'))};
  }
  return std::nullopt;
}

std::string machine_of(std::string_view start) {
  Elf64_Half number = 0;
  if (start.size() < offsetof(Elf64_Ehdr, e_machine) + sizeof number) return "another machine";
  std::memcpy(&number, start.data() + offsetof(Elf64_Ehdr, e_machine), sizeof number);
  for (const Machine& machine : machines)
    if (machine.number == number) return std::string{machine.name};
  return "machine type " + std::to_string(number);
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
  if (auto interpreter = script_interpreter(start)) {
    if (interpreter->ends_with('\r'))
      return cannot(file, "its first line ends in a carriage return", "save the script with Unix line ends (LF)");
    return cannot(file, "its interpreter " + in_quotes(*interpreter) + " does not exist",
                  "install it in the image or correct the #! line");
  }
  if (const auto loader = elf_loader(start))
    return cannot(file, "its program loader " + in_quotes(*loader) + " does not exist",
                  "it was built for another C library: build it for this image or link it statically");
  return cannot(file, "a file that it needs to start does not exist");
}

Error denied(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return cannot(file, "permission denied on the way to it", "the user needs x on every folder above it");
  if (S_ISDIR(status.st_mode)) return cannot(file, "it is a folder");
  if (!S_ISREG(status.st_mode)) return cannot(file, "it is no regular file");
  if ((status.st_mode & 0111) == 0) return cannot(file, "it has no execute permission", "chmod +x it, in the image");
  struct statvfs mount {};
  if (::statvfs(file.c_str(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0)
    return cannot(file, "its file system is mounted noexec");
  const std::string start = start_of(file, 4096);
  auto interpreter = script_interpreter(start);
  if (!interpreter) interpreter = elf_loader(start);
  if (interpreter && ::access(interpreter->c_str(), X_OK) != 0)
    return cannot(file, "its interpreter " + in_quotes(*interpreter) + " is not executable");
  return cannot(file, "permission denied", "the user needs x on it, on its interpreter and on the folders above");
}

Error wrong_format(const std::string& file) {
  const std::string start = start_of(file, 64);
  if (!is_elf(start)) return cannot(file, "its format is unknown and /bin/sh can't run it");
  return cannot(file, "it is a program for " + machine_of(start) + " and this machine is " + own_machine(),
                "build the image for this platform; where they are the same, the file is damaged");
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
      if (exists) return missing_interpreter(file, start_of(file, 4096));
      return Error{ExitCode::not_found, in_quotes(file) + " does not exist", {}};
    }
    case EACCES:
      return denied(file);
    case ENOEXEC:
    case EINVAL:
      return wrong_format(file);
    case EAGAIN:
      return cannot(file, "its user has as many processes as RLIMIT_NPROC allows", "raise ulimit -u");
    case E2BIG:
      return cannot(file, "its arguments and environment are longer than the kernel takes");
    case ETXTBSY:
      return cannot(file, "it is being written to");
    default:
      return cannot(file, std::strerror(errno_value));
  }
}

}  // namespace slipway
