#pragma once

namespace slipway {

// Returns memory to the kernel that only the start has needed: free pages of the heap and the stack, and pages of the
// program's own file, which come back from the page cache, one by one, if they are run again. Afterwards only the
// memory for supervising is resident.
void release_startup_memory() noexcept;

}  // namespace slipway
