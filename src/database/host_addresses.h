#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "process/stop_signals.h"

// The addresses of a host name. libpq would look them up with getaddrinfo(3), which can block for half a minute,
// regardless of signals, if the name server is away. In a container's first seconds it often is.

namespace slipway {

// Numeric, in the order of getaddrinfo(3). If `host` is an address, returns it. Throws ConnectRefused (not yet) if
// there is no such name or no answer within `patience`, and Error 128+N when signal N has arrived.
std::vector<std::string> host_addresses(const std::string& host, std::chrono::milliseconds patience,
                                        StopSignals& signals);

}  // namespace slipway
