#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "graph/plan.h"
#include "graph/stamp.h"

// upgrade, downgrade and stamp with --sql: they print a script to stdout and use no database.

namespace slipway {

// "FROM:TO". Without FROM, the script begins at base, because the database is not queried for its current revision.
struct OfflineRange {
  Heads from;
  std::string to;
};

// Throws Error (usage) if FROM names no revision, or if only the database could resolve it.
OfflineRange offline_range(const Graph& graph, const std::string& text);

void print_script(Context& context, const Plan& plan);
void print_script(Context& context, const Stamp& stamp);

}  // namespace slipway
