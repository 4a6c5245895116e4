#include "sql/tokens.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include "base/text.h"

namespace slipway {
namespace {

Token token_of(const PgQuery__ScanToken& scanned, const char* sql, std::size_t base) {
  Token token{.begin = static_cast<std::size_t>(scanned.start), .end = static_cast<std::size_t>(scanned.end)};
  const bool is_keyword = scanned.keyword_kind != PG_QUERY__KEYWORD_KIND__NO_KEYWORD;
  if (scanned.token == PG_QUERY__TOKEN__SQL_COMMENT || scanned.token == PG_QUERY__TOKEN__C_COMMENT) {
    token.kind = TokenKind::comment;
  } else if (is_keyword || (scanned.token == PG_QUERY__TOKEN__IDENT && sql[token.begin] != '"')) {
    token.kind = TokenKind::word;
  }
  // libpg_query reports a wrong end for U&"…" and U&'…'.
  if (scanned.token == PG_QUERY__TOKEN__UIDENT || scanned.token == PG_QUERY__TOKEN__USCONST) token.end = 0;
  token.begin += base;
  if (token.end != 0) token.end += base;
  return token;
}

// The byte offset of a character position, which PostgreSQL counts from 1.
std::size_t offset_of(std::string_view sql, int position) {
  std::size_t at = 0;
  for (int characters = 1; at < sql.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(sql[at]) & 0xC0U) != 0x80;
    if (begins_character && characters++ == position) break;
  }
  return at;
}

// The end of such a token: only white space can stand between it and the next.
std::size_t end_before(std::string_view sql, std::size_t next) {
  return sql.find_last_not_of(" \t\n\v\f\r", next - 1) + 1;
}

struct Stop {
  std::string message;
  std::size_t at = 0;
};

// Scans from `base` to the end, or to where the scanner stops.
std::optional<Stop> add_tokens(const std::string& sql, std::size_t base, Scan& scan) {
  const char* rest = sql.c_str() + base;
  const std::unique_ptr<PgQueryScanResult, void (*)(PgQueryScanResult*)> result{
      new PgQueryScanResult(pg_query_scan(rest)), [](PgQueryScanResult* held) {
        pg_query_free_scan_result(*held);
        delete held;
      }};
  if (result->error != nullptr)
    return Stop{.message = result->error->message,
                .at = result->error->cursorpos > 0 ? base + offset_of(rest, result->error->cursorpos) : base};
  const std::unique_ptr<PgQuery__ScanResult, void (*)(PgQuery__ScanResult*)> unpacked{
      pg_query__scan_result__unpack(nullptr, result->pbuf.len,
                                    reinterpret_cast<const std::uint8_t*>(result->pbuf.data)),
      [](PgQuery__ScanResult* held) { pg_query__scan_result__free_unpacked(held, nullptr); }};
  if (!unpacked) throw std::bad_alloc{};
  for (const PgQuery__ScanToken* token : std::span{unpacked->tokens, unpacked->n_tokens})
    scan.tokens.push_back(token_of(*token, rest, base));
  scan.scanned = base + std::strlen(rest);
  std::size_t next = scan.scanned;
  for (auto token = scan.tokens.rbegin(); token != scan.tokens.rend() && token->begin >= base; ++token) {
    if (token->end == 0) token->end = end_before(sql, next);
    next = token->begin;
  }
  return std::nullopt;
}

bool is_of_number(char c) {
  return is_digit(c) || is_letter(c) || c == '_' || c == '.';
}

}  // namespace

Scan scan(const std::string& sql) {
  Scan result;
  while (const auto stop = add_tokens(sql, result.scanned, result)) {
    // The text before that position is scanned on its own. It may end within a token, which then ends that scan.
    std::string before = sql.substr(0, stop->at);
    if (const auto within = add_tokens(before, result.scanned, result)) {
      before.resize(within->at);
      add_tokens(before, result.scanned, result);
      result.stopped_by = within->message;
      return result;
    }
    // PostgreSQL 15 refuses a number that letters or `_` follow at once, where 16 has 1_000 and 0x1F. No token spans
    // the begin or end of a number, so scanning can continue after it.
    std::size_t end = stop->at;
    while (end < sql.size() && is_of_number(sql[end]))
      ++end;
    if (end == stop->at || !stop->message.starts_with("trailing junk after numeric literal")) {
      result.stopped_by = stop->message;
      return result;
    }
    result.tokens.push_back({.begin = stop->at, .end = end, .kind = TokenKind::other});
    result.scanned = end;
  }
  return result;
}

}  // namespace slipway
