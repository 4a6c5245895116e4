#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "process/stop_signals.h"

// The addresses of a host's name. libpq would look them up by getaddrinfo(3), which a name server that is away can hold
// up for half a minute, deaf to signals: in a container's first seconds it often is.

namespace slipway {

// In the order of getaddrinfo(3), numeric; `host` itself where it is an address already.
// Throws ConnectRefused (not yet) if there is no such name or no answer within `patience`, and Error 128+N when
// signal N has arrived.
std::vector<std::string> host_addresses(const std::string& host, std::chrono::milliseconds patience,
                                        StopSignals& signals);

}  // namespace slipway
