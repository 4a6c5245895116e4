#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sql/statement.h"

// What is known about a statement before it runs: what it is to a transaction, whether it can be run again, and what it
// leaves in its session.
//
//  1. If the first words of the statement leave more than one answer, libpg_query's tree decides (statement_tree.h).
//  2. If they leave only one (COMMIT, VACUUM, GRANT …), patterns of words decide (statement_patterns.h): the tree would
//     say the same, and takes longer.
//  3. Patterns decide too if there is no tree: the statement has syntax of a newer server, contains a psql command, or
//     is longer than StatementTree::most_tokens.
//
// Both know PostgreSQL 15. A statement that they do not know is ordinary and not repeatable, and the server has the
// last word.

namespace slipway {

struct StatementRule {
  StatementKind kind = StatementKind::ordinary;
  std::string_view name{};  // how to call the statement in an error
  Repeatability repeatability = Repeatability::once;
  SessionEffect session_effect = SessionEffect::none;

  bool operator==(const StatementRule&) const = default;
};

// `tokens` are those of the statement `sql`; `script` is all tokens of the script, as some statements can run in a
// transaction if a statement before them says so.
StatementRule rule_of(const std::string& sql, std::span<const std::string_view> tokens,
                      std::span<const std::string_view> script);

// Whether rule_of() asks for a tree.
bool needs_tree(std::span<const std::string_view> tokens);

// Whether one of the script's tokens is the word.
bool mentions(std::span<const std::string_view> script, std::string_view word);

}  // namespace slipway
