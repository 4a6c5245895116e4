#pragma once

#include <functional>
#include <string>

#include "context.h"

// Functions that `accept` and `resolve` share.

namespace slipway {

// Throws Error (usage) if the selector does not name exactly one revision.
RevisionId one_revision(const Graph& graph, const std::string& selector);

// Opens a session and runs `work` with it. A lost connection ends the command.
void with_session(Context& context, const std::function<void(Session&)>& work);

}  // namespace slipway
