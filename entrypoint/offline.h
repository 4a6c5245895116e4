#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "graph/plan.h"
#include "graph/stamp.h"

// What upgrade, downgrade and stamp do with --sql: they print a script to stdout and use no database.

namespace slipway {

// "FROM:TO". Without FROM the script begins at base, because the database is not asked where it is.
struct OfflineRange {
  Heads from;
  std::string to;
};

// Throws Error (usage) if FROM names no revision, or is one that only the database could know.
OfflineRange offline_range(const Graph& graph, const std::string& text);

void print_script(Context& context, const Plan& plan);
void print_script(Context& context, const Stamp& stamp);

}  // namespace slipway
