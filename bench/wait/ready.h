#pragma once

#include "measure/row.h"

// The database becomes ready while slipway waits for it.

namespace slipway::bench {

std::vector<Row> ready_after_a_while();

}  // namespace slipway::bench
