#include "sql/statement.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include "base/text.h"
#include "sql/statement_ends.h"
#include "sql/statement_rules.h"
#include "sql/statement_tree.h"
#include "sql/tokens.h"

namespace slipway {
namespace {

// The tokens of one statement: those from `first` up to `last`, exclusive.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
};

// The name in PostgreSQL's form: folded to lower case, or without its quotes.
std::string identifier_named(std::string_view written) {
  if (!written.starts_with('"')) return to_lower(written);
  std::string name;
  for (std::size_t at = 1; at + 1 < written.size(); ++at) {
    name += written[at];
    if (written[at] == '"') ++at;
  }
  return name;
}

// The statements of a script, by the parser, which makes no tree of them.
class ParserSplit {
 public:
  explicit ParserSplit(const std::string& sql) : result_{pg_query_split_with_parser(sql.c_str())} {}
  ~ParserSplit() { pg_query_free_split_result(result_); }
  ParserSplit(const ParserSplit&) = delete;
  ParserSplit& operator=(const ParserSplit&) = delete;

  bool has_failed() const noexcept { return result_.error != nullptr; }
  std::span<PgQuerySplitStmt* const> statements() const {
    return {result_.stmts, static_cast<std::size_t>(result_.n_stmts)};
  }

 private:
  PgQuerySplitResult result_;
};

// Nothing if the parser does not understand the script.
std::optional<std::vector<Range>> ranges_by_parser(const std::string& sql, const Words& words) {
  const ParserSplit split{sql};
  if (split.has_failed()) return std::nullopt;
  const auto token_at = [&](std::size_t offset) {
    return static_cast<std::size_t>(std::ranges::lower_bound(words.places, offset, {}, &Token::begin) -
                                    words.places.begin());
  };
  std::vector<Range> ranges;
  for (const PgQuerySplitStmt* statement : split.statements()) {
    const auto begin = static_cast<std::size_t>(statement->stmt_location);
    const Range range{.first = token_at(begin),
                      .last = token_at(begin + static_cast<std::size_t>(statement->stmt_len))};
    if (range.first < range.last) ranges.push_back(range);
  }
  return ranges;
}

std::vector<Range> ranges_by_scanner(const Words& words) {
  std::vector<Range> ranges;
  for (std::size_t first = 0; first < words.texts.size();) {
    const std::size_t last = statement_end(words.texts, first);
    if (first < last) ranges.push_back({.first = first, .last = last});
    first = last + 1;
  }
  return ranges;
}

// Text that the scanner could not read belongs to the statement in which it stopped.
Token unscanned_token(const std::string& sql, std::size_t scanned) {
  const std::size_t begin = std::min(sql.find_first_not_of(" \t\n\v\f\r", scanned), sql.size());
  const std::size_t end = sql.find_last_not_of(" \t\n\v\f\r") + 1;
  return {.begin = begin, .end = std::max(begin, end), .kind = TokenKind::other};
}

// The words of a piece of a script, divided into statements.
struct Division {
  Words words;
  std::vector<Range> ranges;
};

Division divide(const std::string& sql) {
  Scan scanned = scan(sql);
  if (scanned.scanned < sql.size()) {
    const Token rest = unscanned_token(sql, scanned.scanned);
    if (rest.begin < rest.end) scanned.tokens.push_back(rest);
  }
  Words words = words_of(sql, scanned.tokens);
  auto ranges = scanned.scanned == sql.size() ? ranges_by_parser(sql, words) : std::nullopt;
  if (!ranges) ranges = ranges_by_scanner(words);
  return {.words = std::move(words), .ranges = *std::move(ranges)};
}

// The statements of a piece of a script; its first byte has that offset and line.
std::vector<Statement> split_piece(const std::string& sql, std::size_t offset, int line) {
  const auto [words, ranges] = divide(sql);
  std::vector<Statement> statements;
  statements.reserve(ranges.size());
  std::size_t counted = 0;
  for (const Range& range : ranges) {
    const std::size_t begin = words.places[range.first].begin;
    const std::size_t end = words.places[range.last - 1].end;
    line += count_line_ends(std::string_view{sql}.substr(counted, begin - counted));
    counted = begin;
    const auto own = std::span{words.texts}.subspan(range.first, range.last - range.first);
    std::string text = sql.substr(begin, end - begin);
    const StatementRule rule = rule_of(text, own, words.texts);
    statements.push_back({.text = std::move(text),
                          .offset = offset + begin,
                          .line = line,
                          .kind = rule.kind,
                          .name = rule.name,
                          .repeatability = rule.repeatability,
                          .session_effect = rule.session_effect});
  }
  return statements;
}

}  // namespace

std::optional<Statement> Statements::next() {
  while (at_ == ready_.size()) {
    const auto piece = pieces_.next();
    if (!piece) return std::nullopt;
    ready_ = split_piece(std::string{*piece}, offset_, line_);
    at_ = 0;
    offset_ += piece->size();
    line_ += count_line_ends(*piece);
  }
  return std::move(ready_[at_++]);
}

std::optional<Unread> unread(const Script& script) {
  // A piece ends where a statement does, so the scanner can only fail in the last one.
  std::size_t offset = 0;
  std::string sql;
  for (Pieces pieces{script.sql}; const auto piece = pieces.next();) {
    offset += sql.size();
    sql = *piece;
  }
  const Scan scanned = scan(sql);
  if (scanned.scanned == sql.size()) return std::nullopt;
  // The scanner says "unterminated quoted string at or near …" (scan.l).
  constexpr std::string_view unterminated = "unterminated ";
  std::string open;
  if (scanned.stopped_by.starts_with(unterminated))
    open = scanned.stopped_by.substr(unterminated.size(), scanned.stopped_by.find(" at ") - unterminated.size());
  offset += unscanned_token(sql, scanned.scanned).begin;
  return Unread{.offset = offset,
                .line = script.first_line + count_line_ends(std::string_view{script.sql}.substr(0, offset)),
                .open = std::move(open)};
}

std::optional<int> line_with_backslash(const Script& script) {
  std::size_t offset = 0;
  for (Pieces pieces{script.sql}; const auto piece = pieces.next();) {
    for (const Token& token : scan(std::string{*piece}).tokens) {
      const std::string_view text = piece->substr(token.begin, token.end - token.begin);
      if (text.starts_with('\'') && text.find('\\') != std::string_view::npos)
        return script.first_line + count_line_ends(std::string_view{script.sql}.substr(0, offset + token.begin));
    }
    offset += piece->size();
  }
  return std::nullopt;
}

std::vector<Statement> split(const Script& script) {
  std::vector<Statement> all;
  for (Statements statements{script}; auto statement = statements.next();)
    all.push_back(std::move(*statement));
  return all;
}

std::size_t statement_count(const Script& script) {
  std::size_t count = 0;
  for (Pieces pieces{script.sql}; const auto piece = pieces.next();)
    count += divide(std::string{*piece}).ranges.size();
  return count;
}

std::vector<std::string> prepared_names(const Script& script) {
  std::vector<std::string> names;
  // A fast search excludes nearly all scripts.
  if (::strcasestr(script.sql.c_str(), "prepare") == nullptr) return names;
  for (Statements statements{script}; const auto statement = statements.next();) {
    const Words words = words_of(statement->text, scan(statement->text).tokens);
    if (words.texts.size() < 2 || !equal_ignoring_case(words.texts[0], "prepare") ||
        statement->session_effect != SessionEffect::objects)
      continue;
    std::string name = identifier_named(words.texts[1]);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

namespace {

std::optional<std::string> name_in(const char* text) {
  return text == nullptr || *text == '\0' ? std::nullopt : std::optional<std::string>{text};
}

std::optional<StatementTree> tree_of(const std::string& sql) {
  return StatementTree::of(sql, scan(sql).tokens.size());
}

}  // namespace

std::optional<std::size_t> first_unparsable(const Script& script) {
  std::size_t index = 0;
  for (Statements statements{script}; const auto statement = statements.next(); ++index)
    if (ParserSplit{statement->text}.has_failed()) return index;
  return std::nullopt;
}

std::optional<IndexBuild> index_build(const Statement& statement) {
  if (statement.repeatability != Repeatability::index_build) return std::nullopt;
  const auto tree = tree_of(statement.text);
  if (!tree || tree->statement().node_case != PG_QUERY__NODE__NODE_INDEX_STMT) return std::nullopt;
  const PgQuery__IndexStmt& index = *tree->statement().index_stmt;
  return IndexBuild{.schema = name_in(index.relation->schemaname),
                    .table = index.relation->relname,
                    .name = name_in(index.idxname),
                    .if_not_exists = index.if_not_exists != 0};
}

std::optional<IndexRebuild> index_rebuild(const Statement& statement) {
  if (statement.repeatability != Repeatability::index_rebuild) return std::nullopt;
  const auto tree = tree_of(statement.text);
  if (!tree || tree->statement().node_case != PG_QUERY__NODE__NODE_REINDEX_STMT) return std::nullopt;
  const PgQuery__ReindexStmt& reindex = *tree->statement().reindex_stmt;
  if (reindex.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA)
    return IndexRebuild{.of = IndexRebuild::Of::schema, .schema = {}, .name = reindex.name};
  if (reindex.relation == nullptr) return IndexRebuild{.of = IndexRebuild::Of::database, .schema = {}, .name = {}};
  const bool is_index = reindex.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX;
  return IndexRebuild{.of = is_index ? IndexRebuild::Of::index : IndexRebuild::Of::table,
                      .schema = name_in(reindex.relation->schemaname),
                      .name = reindex.relation->relname};
}

}  // namespace slipway
