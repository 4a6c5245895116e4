#pragma once

namespace slipway {

// Returns the memory that only the start needed to the kernel: free pages of the heap and the stack, and pages of the
// program file. Those come back from the page cache, one by one, if they are executed again. Only the memory that
// supervising needs stays resident.
void release_startup_memory() noexcept;

}  // namespace slipway
