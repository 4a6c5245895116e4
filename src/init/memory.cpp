#include "init/memory.h"

#include <cstdint>

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>

namespace slipway {
namespace {

constexpr std::uintptr_t page = 4096;

// Only read-only segments: a page that was modified, for example by relocation, can't be read from the file again.
int release_read_only(dl_phdr_info* object, std::size_t /*size*/, void* /*data*/) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t start = object->dlpi_addr + segment.p_vaddr;
    const std::uintptr_t aligned = start & ~(page - 1);
    void* const address = reinterpret_cast<void*>(aligned);  // NOLINT(performance-no-int-to-ptr)
    ::madvise(address, start - aligned + segment.p_memsz, MADV_DONTNEED);
  }
  return 1;  // stop after the program, which comes first
}

// Nothing below the stack pointer is needed, and no signal handler runs here.
void release_stack() noexcept {
  constexpr std::uintptr_t most = std::uintptr_t{128} * 1024;
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const std::uintptr_t end = (here & ~(page - 1)) - page;
  ::madvise(reinterpret_cast<void*>(end - most), most, MADV_DONTNEED);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

void release_startup_memory() noexcept {
  ::malloc_trim(0);
  release_stack();
  ::dl_iterate_phdr(release_read_only, nullptr);
}

}  // namespace slipway
