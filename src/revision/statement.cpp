#include "revision/statement.h"

#include <algorithm>
#include <memory>
#include <span>

#include <nlohmann/json.hpp>
#include <pg_query.h>

#include "revision/statement_rules.h"
#include "revision/text.h"
#include "revision/tokens.h"

namespace slipway {
namespace {

// A script's tokens without comments: where each is, and what it says.
struct Tokens {
  std::vector<Token> places;
  std::vector<std::string_view> texts;
};

Tokens tokens_of(const std::string& sql, const std::vector<Token>& scanned) {
  Tokens tokens;
  tokens.places.reserve(scanned.size());
  tokens.texts.reserve(scanned.size());
  for (const Token& token : scanned) {
    if (token.kind == TokenKind::comment) continue;
    tokens.places.push_back(token);
    tokens.texts.push_back(std::string_view{sql}.substr(token.begin, token.end - token.begin));
  }
  return tokens;
}

// The tokens of one statement: those from `first` up to `last`, exclusive.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
};

// By the parser; nothing where it does not understand the script.
std::optional<std::vector<Range>> ranges_by_parser(const std::string& sql, const Tokens& tokens) {
  const std::unique_ptr<PgQuerySplitResult, void (*)(PgQuerySplitResult*)> result{
      new PgQuerySplitResult(pg_query_split_with_parser(sql.c_str())), [](PgQuerySplitResult* held) {
        pg_query_free_split_result(*held);
        delete held;
      }};
  if (result->error != nullptr) return std::nullopt;
  const auto token_at = [&](std::size_t offset) {
    return static_cast<std::size_t>(std::ranges::lower_bound(tokens.places, offset, {}, &Token::begin) -
                                    tokens.places.begin());
  };
  std::vector<Range> ranges;
  for (const PgQuerySplitStmt* statement : std::span{result->stmts, static_cast<std::size_t>(result->n_stmts)}) {
    const auto begin = static_cast<std::size_t>(statement->stmt_location);
    const Range range{.first = token_at(begin),
                      .last = token_at(begin + static_cast<std::size_t>(statement->stmt_len))};
    if (range.first < range.last) ranges.push_back(range);
  }
  return ranges;
}

// Whether the tokens begin the definition of a function, whose body may be statements with semicolons.
bool defines_routine(std::span<const std::string_view> tokens) {
  if (tokens.empty() || !equal_ignoring_case(tokens.front(), "create")) return false;
  const std::size_t at = tokens.size() > 2 && equal_ignoring_case(tokens[1], "or") ? 3 : 1;
  return tokens.size() > at &&
         (equal_ignoring_case(tokens[at], "function") || equal_ignoring_case(tokens[at], "procedure"));
}

// Where the statement that begins at `first` ends: at a `;` outside parentheses and outside the body of a BEGIN ATOMIC,
// which its END closes, and each CASE in it has an END of its own.
std::size_t end_by_scanner(std::span<const std::string_view> tokens, std::size_t first) {
  const bool routine = defines_routine(tokens.subspan(first));
  int parentheses = 0;
  int blocks = 0;
  for (std::size_t i = first; i < tokens.size(); ++i) {
    const std::string_view token = tokens[i];
    if (token == "(") ++parentheses;
    if (token == ")" && parentheses > 0) --parentheses;
    if (parentheses > 0) continue;
    if (token == ";" && blocks == 0) return i;
    if (!routine) continue;
    if (equal_ignoring_case(token, "begin") && i + 1 < tokens.size() && equal_ignoring_case(tokens[i + 1], "atomic"))
      ++blocks;
    if (blocks > 0 && equal_ignoring_case(token, "case")) ++blocks;
    if (blocks > 0 && equal_ignoring_case(token, "end")) --blocks;
  }
  return tokens.size();
}

std::vector<Range> ranges_by_scanner(const Tokens& tokens) {
  std::vector<Range> ranges;
  for (std::size_t first = 0; first < tokens.texts.size();) {
    const std::size_t last = end_by_scanner(tokens.texts, first);
    if (first < last) ranges.push_back({.first = first, .last = last});
    first = last + 1;
  }
  return ranges;
}

// What the scanner could not read belongs to the statement that it stopped in.
Token unscanned_token(const std::string& sql, std::size_t scanned) {
  const std::size_t begin = std::min(sql.find_first_not_of(" \t\n\v\f\r", scanned), sql.size());
  const std::size_t end = sql.find_last_not_of(" \t\n\v\f\r") + 1;
  return {.begin = begin, .end = std::max(begin, end), .kind = TokenKind::other};
}

}  // namespace

std::vector<Statement> split(const Script& script) {
  const std::string& sql = script.sql;
  Scan scanned = scan(sql);
  if (scanned.scanned < sql.size()) {
    const Token rest = unscanned_token(sql, scanned.scanned);
    if (rest.begin < rest.end) scanned.tokens.push_back(rest);
  }
  const Tokens tokens = tokens_of(sql, scanned.tokens);
  auto ranges = scanned.scanned == sql.size() ? ranges_by_parser(sql, tokens) : std::nullopt;
  if (!ranges) ranges = ranges_by_scanner(tokens);

  std::vector<Statement> statements;
  statements.reserve(ranges->size());
  int line = script.first_line;
  std::size_t counted = 0;
  for (const Range& range : *ranges) {
    const std::size_t begin = tokens.places[range.first].begin;
    const std::size_t end = tokens.places[range.last - 1].end;
    line += count_line_ends(std::string_view{sql}.substr(counted, begin - counted));
    counted = begin;
    const auto words = std::span{tokens.texts}.subspan(range.first, range.last - range.first);
    const StatementRule rule = rule_of(words, tokens.texts);
    statements.push_back({.text = sql.substr(begin, end - begin),
                          .offset = begin,
                          .line = line,
                          .kind = rule.kind,
                          .name = rule.name,
                          .repeatability = repeatability_of(words)});
  }
  return statements;
}

std::size_t statement_count(const Script& script) {
  return split(script).size();
}

std::optional<IndexBuild> index_build(const Statement& statement) {
  if (statement.repeatability != Repeatability::index_build) return std::nullopt;
  const std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)> result{
      new PgQueryParseResult(pg_query_parse(statement.text.c_str())), [](PgQueryParseResult* held) {
        pg_query_free_parse_result(*held);
        delete held;
      }};
  if (result->error != nullptr) return std::nullopt;
  const auto tree = nlohmann::json::parse(result->parse_tree);
  const auto& index = tree.at("stmts").at(0).at("stmt").at("IndexStmt");
  const auto& relation = index.at("relation");
  const auto name_in = [](const nlohmann::json& node, const char* key) {
    return node.contains(key) ? std::optional{node.at(key).get<std::string>()} : std::nullopt;
  };
  return IndexBuild{.schema = name_in(relation, "schemaname"),
                    .table = relation.at("relname").get<std::string>(),
                    .name = name_in(index, "idxname"),
                    .if_not_exists = index.value("if_not_exists", false)};
}

}  // namespace slipway
