#pragma once

#include "database/connect_parameters.h"

// `sslrootcert=system`: the certificate authorities that the machine trusts. libpq has it since 16 (PostgreSQL: "Client
// Verification of Server Certificates"). An earlier libpq takes it for a file name, and may connect unverified if there
// is no such file.

namespace slipway {

// Replaces it by the machine's file, and sets sslmode to verify-full if it is not given. Throws ConnectRefused for a
// weaker sslmode. Does nothing if libpq supports it, and for any other sslrootcert.
void name_system_roots(ConnectParameters& parameters);

}  // namespace slipway
