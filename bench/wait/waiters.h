#pragma once

#include <vector>

#include "measure/row.h"

// How soon replicas go on that wait for another one to migrate.

namespace slipway::bench {

std::vector<Row> waiters_behind_a_leader();

}  // namespace slipway::bench
