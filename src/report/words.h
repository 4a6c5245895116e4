#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "graph/heads.h"

// The words and small forms that every report shares.

namespace slipway {

constexpr std::string_view word(Direction direction) {
  return direction == Direction::upgrade ? "upgrade" : "downgrade";
}

// A JSON list of Heads, or of any other range of ids.
template <typename Ids>
nlohmann::ordered_json ids(const Ids& ids) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const RevisionId& id : ids)
    list.push_back(id.str());
  return list;
}

}  // namespace slipway
