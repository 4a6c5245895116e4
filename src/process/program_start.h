#pragma once

#include <string>
#include <string_view>

// Reads from the first bytes of an executable file what runs it. The views point into `start`. Async-signal-safe,
// except machine_of().

namespace slipway {

// How much of a file to read for it.
constexpr std::size_t program_start_size = 4096;

bool is_elf(std::string_view start) noexcept;

// Whether it is an ELF file for the kind of machine that this program was built for.
bool is_for_this_machine(std::string_view start) noexcept;

// The interpreter of a "#!" line, with a carriage return if it has one (execve(2), "Interpreter scripts"). Empty if it
// is not a script, or if the line does not end within what the kernel reads.
std::string_view script_interpreter(std::string_view start) noexcept;

// The program loader that a 64-bit ELF file asks for (elf(5), PT_INTERP). Empty if it asks for none.
std::string_view elf_loader(std::string_view start) noexcept;

// The machine that an ELF file is for, by the name that uname(1) has.
std::string machine_of(std::string_view start);

}  // namespace slipway
