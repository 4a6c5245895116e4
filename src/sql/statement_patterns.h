#pragma once

#include <span>
#include <string_view>

#include "sql/statement_rules.h"

// What the words of a statement say about it, by tables of patterns. statement_rules.h says when they are used.

namespace slipway {

// The parameters are as for rule_of().
StatementRule rule_by_patterns(std::span<const std::string_view> tokens, std::span<const std::string_view> script);

}  // namespace slipway
