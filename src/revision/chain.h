#pragma once

#include <string_view>
#include <vector>

#include "revision/revision.h"

// The order of ids, and the chain that it implies if no file says what it revises.

namespace slipway {

// Whether every character is a digit.
bool is_number(std::string_view id);

// Compares by value, with any number of leading zeros and digits: 9 comes before 010. Both ids must be numbers.
bool less_by_number(std::string_view a, std::string_view b);

// Sorts the revisions by id and makes each one the parent of the next. They are sorted by value if every id is a number
// (9 before 10), otherwise by bytes. Throws Error (bad_migrations) if two ids are the same number (1 and 01), because
// they have no order.
std::vector<Revision> chained_by_id(std::vector<Revision> revisions);

}  // namespace slipway
