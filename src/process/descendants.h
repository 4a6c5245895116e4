#pragma once

#include <vector>

#include <sys/types.h>

namespace slipway {

// Every process below this one, parents before their children, from /proc; empty where there is no /proc, or that of
// another PID namespace. What is forked meanwhile may be missing: whoever wants all of them gone asks again.
std::vector<pid_t> descendants();

}  // namespace slipway
