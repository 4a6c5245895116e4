#include "sql/statement_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/statement_patterns.h"
#include "sql/statement_tree.h"

namespace slipway {
namespace {

// A tree takes as long as it took to find the statement's end. So it is made only if the statement begins with `first`
// and has one of the words, if there are any: without them it can only be an ordinary statement of its sort. In a dump
// of a schema few statements have them.
struct Candidate {
  std::string_view first;
  std::array<std::string_view, 8> words{};
};

constexpr std::array candidates{
    Candidate{"create", {"concurrently", "replace", "if", "temp", "temporary", "pg_temp", "subscription"}},
    Candidate{"alter", {"concurrently", "if", "validate", "null", "tablespace", "subscription"}},
    Candidate{"drop", {"concurrently", "if", "subscription"}},
    Candidate{"select", {"into", "set_config", "\"set_config\""}},
    Candidate{"with", {"into", "set_config", "\"set_config\""}},
    Candidate{"(", {"into", "set_config", "\"set_config\""}},
    Candidate{"copy"},
    Candidate{"rollback"},
    Candidate{"prepare"},
    Candidate{"reindex"},
    Candidate{"cluster"},
    Candidate{"set"},
    Candidate{"declare"},
};

}  // namespace

bool mentions(std::span<const std::string_view> script, std::string_view word) {
  return std::ranges::any_of(script, [&](std::string_view token) { return equal_ignoring_case(token, word); });
}

bool needs_tree(std::span<const std::string_view> tokens) {
  if (tokens.empty()) return false;
  const auto* const candidate = std::ranges::find_if(
      candidates, [&](const Candidate& known) { return equal_ignoring_case(known.first, tokens.front()); });
  if (candidate == candidates.end()) return false;
  return candidate->words.front().empty() || std::ranges::any_of(candidate->words, [&](std::string_view word) {
           return !word.empty() && mentions(tokens, word);
         });
}

StatementRule rule_of(const std::string& sql, std::span<const std::string_view> tokens,
                      std::span<const std::string_view> script) {
  if (needs_tree(tokens))
    if (const auto tree = StatementTree::of(sql, tokens.size())) return rule_by_tree(*tree, script);
  return rule_by_patterns(tokens, script);
}

}  // namespace slipway
