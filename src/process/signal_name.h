#pragma once

#include <string>
#include <string_view>

// The names of signals.

namespace slipway {

// The number of "TERM", "SIGTERM", "15", "RTMIN+1" or "RTMAX-1" (relative to the C library's SIGRTMIN, as in kill(1)),
// in upper or lower case. Throws Error (usage) with similar names as a hint.
int signal_number(std::string_view text);

// "SIGTERM", "SIGRTMIN+1"; "signal 32" if it has no name. Static memory or a small string: never fails.
std::string signal_name(int signal);

}  // namespace slipway
