#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sql/statement_rules.h"

struct PgQuery__Node;
struct PgQuery__ParseResult;

// A statement as the parser of PostgreSQL 15 sees it (libpg_query), and what its tree says about it. Safe in several
// threads.

namespace slipway {

class StatementTree {
 public:
  // Longer statements are not made into trees. libpg_query hands a tree over by functions that call themselves for each
  // level, and one token can make a level. With this limit they use a megabyte of stack at most (measured with sums and
  // with chains of minus signs); 20,000 tokens of a sum overflow 8 MB.
  static constexpr std::size_t most_tokens = 1'000;

  // Nothing if the parser does not know the statement, or if it is too long. `sql` is one statement of so many tokens.
  static std::optional<StatementTree> of(const std::string& sql, std::size_t tokens);

  const PgQuery__Node& statement() const noexcept;

 private:
  using Held = std::unique_ptr<PgQuery__ParseResult, void (*)(PgQuery__ParseResult*)>;
  explicit StatementTree(Held result) : result_{std::move(result)} {}
  Held result_;
};

// What the tree says. `script` is as for rule_of().
StatementRule rule_by_tree(const StatementTree& tree, std::span<const std::string_view> script);

}  // namespace slipway
