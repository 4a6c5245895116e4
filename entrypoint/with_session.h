#pragma once

#include <functional>
#include <string>

#include "context.h"

// What `accept` and `resolve` share.

namespace slipway {

// Throws Error (usage) if the selector does not name exactly one revision.
RevisionId one_revision(const Graph& graph, const std::string& selector);

// Runs `work` on a session of its own. A lost connection ends the command.
void with_session(Context& context, const std::function<void(Session&)>& work);

}  // namespace slipway
