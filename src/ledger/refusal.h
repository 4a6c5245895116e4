#pragma once

#include <string>

#include "database/server_error.h"
#include "error/error.h"

// The error for a query on the ledger's tables that PostgreSQL has refused.

namespace slipway {

// `tables`: their names, for the message.
Error refused_to_read(const ServerError& error, const std::string& tables);

}  // namespace slipway
