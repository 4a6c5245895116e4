#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "process/stop_signals.h"

// The addresses of a host name. libpq would look them up with getaddrinfo(3). If no name server answers, as often
// happens in a container's first seconds, that call can block for half a minute and ignore signals.

namespace slipway {

// Numeric addresses, in the order of getaddrinfo(3); `host` itself if it already is an address.
// Throws ConnectRefused (not_yet) if there is no such name or no answer within `patience`, and Error 128+N when
// signal N has arrived.
std::vector<std::string> host_addresses(const std::string& host, std::chrono::milliseconds patience,
                                        StopSignals& signals);

}  // namespace slipway
