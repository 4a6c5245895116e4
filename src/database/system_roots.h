#pragma once

#include "database/connect_parameters.h"

// `sslrootcert=system`: the authorities that the system trusts. libpq supports this from 16 on (PostgreSQL: "Client
// Verification of Server Certificates"). An earlier libpq would take it for a file name, and without such a file it may
// connect without verifying the server.

namespace slipway {

// Replaces `system` by the name of the system's file, and sets sslmode to verify-full if it is not set. Throws
// ConnectRefused for a weaker sslmode. Does nothing if libpq supports `system`, or for any other sslrootcert.
void name_system_roots(ConnectParameters& parameters);

}  // namespace slipway
