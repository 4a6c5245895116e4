#pragma once

#include <string>
#include <string_view>

// Signals by name, as people write them.

namespace slipway {

// The number of "TERM", "SIGTERM", "15", "RTMIN+1" or "RTMAX-1" (the C library's SIGRTMIN, as kill(1) has it), in
// either case. Throws Error (usage), with the names that were perhaps meant.
int signal_number(std::string_view text);

// "SIGTERM", "SIGRTMIN+1"; "signal 32" if it has no name. Static memory or a small string: never fails.
std::string signal_name(int signal);

}  // namespace slipway
