#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "graph/alembic_case.h"
#include "graph/selector.h"

// Where slipway differs from Alembic on purpose. docs/branches.md lists the same, in the same words, with the reasons.

namespace slipway::test {

// A case that came out differently; the oracle's answer as oracle.py describes it.
struct Compared {
  const Case& c;
  const Outcome& ours;
  const nlohmann::json& theirs;

  bool they_fail(std::string_view text) const {
    return theirs["linked"] && !theirs["ok"] && theirs["error"].get<std::string>().find(text) != std::string::npos;
  }
  bool we_refuse(std::string_view text) const { return !ours.ok && ours.error.find(text) != std::string::npos; }
  nlohmann::json replayed() const { return theirs.value("replayed", nlohmann::json{}); }
  bool command(std::string_view name) const { return c.command == name; }
  bool migrates() const { return command("upgrade") || command("downgrade"); }
  Graph graph() const { return Graph::link(c.revisions); }
  // The ends of a range.
  std::string from() const { return c.selectors.front().substr(0, c.selectors.front().find(':')); }
  std::string to() const { return c.selectors.front().substr(c.selectors.front().find(':') + 1); }

  // Whether any selector of the case, the ends of a range taken apart, is of that kind.
  bool any(const std::function<bool(const Selector&)>& is) const;
};

// A difference that is kept on purpose.
struct Difference {
  const char* what;
  std::function<bool(const Compared&)> applies;
};

const std::vector<Difference>& differences();

}  // namespace slipway::test
