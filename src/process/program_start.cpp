#include "process/program_start.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include <elf.h>

namespace slipway {
namespace {

struct Machine {
  unsigned number;
  std::string_view name;
};

// The EM_ numbers in elf.h of the machines that images are built for, with their names in uname(1) and `docker build
// --platform`.
constexpr std::array<Machine, 8> machines{{{EM_386, "i386"},
                                           {EM_ARM, "arm"},
                                           {EM_X86_64, "x86_64 (amd64)"},
                                           {EM_AARCH64, "aarch64 (arm64)"},
                                           {EM_PPC64, "ppc64"},
                                           {EM_S390, "s390x"},
                                           {EM_RISCV, "riscv64"},
                                           {EM_MIPS, "mips"}}};

#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
#else
constexpr Elf64_Half this_machine = EM_NONE;  // the file is for another kind of machine, so its loader is not known
#endif

Elf64_Half machine_number(std::string_view start) noexcept {
  Elf64_Half number = EM_NONE;
  if (start.size() < offsetof(Elf64_Ehdr, e_machine) + sizeof number) return number;
  std::memcpy(&number, start.data() + offsetof(Elf64_Ehdr, e_machine), sizeof number);
  return number;
}

}  // namespace

bool is_elf(std::string_view start) noexcept {
  return start.starts_with(ELFMAG);
}

bool is_for_this_machine(std::string_view start) noexcept {
  return is_elf(start) && this_machine != EM_NONE && machine_number(start) == this_machine;
}

std::string_view script_interpreter(std::string_view start) noexcept {
  constexpr std::size_t longest_line = 255;  // BINPRM_BUF_SIZE, linux/binfmts.h
  if (!start.starts_with("#!")) return {};
  const auto end = std::min(start.find('\n'), start.size());
  if (end > longest_line) return {};
  std::string_view line = start.substr(2, end - 2);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.substr(0, line.find_first_of(" \t"));
}

std::string_view elf_loader(std::string_view start) noexcept {
  Elf64_Ehdr header{};
  if (!is_elf(start) || start.size() < sizeof header || start[EI_CLASS] != ELFCLASS64) return {};
  std::memcpy(&header, start.data(), sizeof header);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part{};
    const std::size_t offset = header.e_phoff + i * sizeof part;
    if (offset > start.size() || start.size() - offset < sizeof part) return {};
    std::memcpy(&part, start.data() + offset, sizeof part);
    if (part.p_type != PT_INTERP || part.p_offset >= start.size()) continue;
    const std::string_view loader = start.substr(part.p_offset, part.p_filesz);
    return loader.substr(0, loader.find('\0'));
  }
  return {};
}

std::string machine_of(std::string_view start) {
  const Elf64_Half number = machine_number(start);
  if (number == EM_NONE) return "another machine";
  for (const Machine& machine : machines)
    if (machine.number == number) return std::string{machine.name};
  return "machine type " + std::to_string(number);
}

}  // namespace slipway
