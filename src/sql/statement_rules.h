#pragma once

#include <span>
#include <string_view>

#include "sql/statement.h"

// What is known about statements by their words: tables that statement.cpp walks. They know PostgreSQL 15; a statement
// that they do not know is ordinary and not repeatable, and the server has the last word.

namespace slipway {

struct StatementRule {
  StatementKind kind = StatementKind::ordinary;
  std::string_view name;  // how to call the statement in an error
};

// `tokens` are the statement's; `script` is all tokens of the script, as some statements can run in a transaction when
// an option or a statement before them says so.
StatementRule rule_of(std::span<const std::string_view> tokens, std::span<const std::string_view> script);

Repeatability repeatability_of(std::span<const std::string_view> tokens);

SessionEffect session_effect_of(std::span<const std::string_view> tokens);

}  // namespace slipway
