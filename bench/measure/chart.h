#pragma once

#include <string>
#include <vector>

#include "measure/row.h"

// The ratios as a picture in SVG: a bar for each row that has one, from 0 to what the other takes, with a mark where
// the goal is. Readable on light and on dark.

namespace slipway::bench {

std::string chart(const std::vector<Row>& rows);

}  // namespace slipway::bench
