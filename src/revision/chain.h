#pragma once

#include <string_view>
#include <vector>

#include "revision/revision.h"

// The order of ids, and the chain that it implies if no file says what it revises.

namespace slipway {

// Whether every character is a digit.
bool is_number(std::string_view id);

// By value, however many leading zeros and digits: 9 before 010. Both must be numbers.
bool less_by_number(std::string_view a, std::string_view b);

// Orders the revisions by id and makes each the parent of the next: by value when every id is a number (9
// before 10), else by their bytes. Throws Error (bad_migrations) when two ids are the same number (1 and 01),
// for which there is no order.
std::vector<Revision> chained_by_id(std::vector<Revision> revisions);

}  // namespace slipway
