#pragma once

namespace slipway {

// Gives back to the kernel the memory that only starting up has needed: free pages of the heap and the stack, and pages
// of the program's own file, which come back from the page cache, one by one, if they are run again. What is
// resident afterwards is what supervising takes.
void release_startup_memory() noexcept;

}  // namespace slipway
