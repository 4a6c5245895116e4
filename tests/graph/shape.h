#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision.h"

// Revisions for tests, without scripts and folders.

namespace slipway::test {

// One revision in a line: "id <- parent parent ; dependency dependency # label label", for example
// "c1 <- b1 b2 ; a3 # billing". A base has nothing after the arrow, or no arrow.
std::vector<Revision> revisions(std::initializer_list<std::string> lines);

}  // namespace slipway::test
