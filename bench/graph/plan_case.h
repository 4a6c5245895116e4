#pragma once

#include "measure/row.h"

// A random graph of 10,000 revisions with branches and merges: linked, and a plan of all of it made, here and by
// Alembic's own classes.

namespace slipway::bench {

std::vector<Row> plan_of_a_random_graph();

}  // namespace slipway::bench
