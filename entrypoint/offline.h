#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "graph/plan.h"
#include "graph/stamp.h"

// What upgrade, downgrade and stamp do with --sql: a script to stdout, and no database.

namespace slipway {

// "FROM:TO". Without FROM the script begins at base, as nobody is asked where the database is.
struct OfflineRange {
  Heads from;
  std::string to;
};

// Throws Error (usage) where FROM is none, or could only be known to the database.
OfflineRange offline_range(const Graph& graph, const std::string& text);

void print_script(Context& context, const Plan& plan);
void print_script(Context& context, const Stamp& stamp);

}  // namespace slipway
