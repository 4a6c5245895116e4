#pragma once

#include "database/connect_parameters.h"

// `sslrootcert=system`: the authorities that the machine trusts. libpq has it from 16 on (PostgreSQL: "Client
// Verification of Server Certificates"). An earlier one would take it for a file's name, and if it does not find
// that file it may connect unverified.

namespace slipway {

// Names the machine's file in its place, and has sslmode verify-full if there is none. Throws ConnectRefused for a
// weaker one. Does nothing if libpq has it itself, and for any other sslrootcert.
void name_system_roots(ConnectParameters& parameters);

}  // namespace slipway
