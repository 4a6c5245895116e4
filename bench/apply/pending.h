#pragma once

#include "measure/row.h"

// Much is pending: what a deployment waits for.

namespace slipway::bench {

std::vector<Row> thousand_pending();
std::vector<Row> pending_over_a_link();  // with a delay of 5 ms in either direction
std::vector<Row> replicas_pending();     // fifty at once, beside one
std::vector<Row> one_large_script();     // time and memory of one script of 100 MB

}  // namespace slipway::bench
