#pragma once

#include "measure/row.h"

// Nothing is pending: what slipway adds to every start of a container.

namespace slipway::bench {

std::vector<Row> at_head();           // beside psql, by TCP, TLS and socket
std::vector<Row> at_head_by_scram();  // beside the same program with libpq's own SCRAM
std::vector<Row> at_head_of_tools();  // beside the other migration tools
std::vector<Row> at_head_of_many();   // with long folders, beside a short one
std::vector<Row> replicas_at_head();  // fifty at once, beside one
std::vector<Row> memory_at_head();

}  // namespace slipway::bench
