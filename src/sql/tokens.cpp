#include "sql/tokens.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include <pg_query.h>

#include "base/text.h"

namespace slipway {
namespace {

// The scanner answers in Protocol Buffers (pg_query.proto: ScanResult, ScanToken), of which these two messages of plain
// integers are all that is needed; Debian's package has no header for its decoder.
class Message {
 public:
  explicit Message(std::string_view bytes) : bytes_{bytes} {}

  struct Field {
    std::uint64_t number = 0;
    std::uint64_t integer = 0;  // of a varint
    std::string_view bytes;     // of a nested message
  };
  std::optional<Field> next() {
    if (bytes_.empty()) return std::nullopt;
    const std::uint64_t tag = varint();
    Field field{.number = tag >> 3U, .integer = varint(), .bytes = {}};
    constexpr std::uint64_t length_delimited = 2;
    if ((tag & 7U) == length_delimited) {
      field.bytes = bytes_.substr(0, field.integer);
      bytes_.remove_prefix(field.bytes.size());
    }
    return field;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  std::string_view bytes_;
};

// Numbers of pg_query.proto.
constexpr std::uint64_t scan_result_tokens = 2;
constexpr std::uint64_t scan_token_start = 1;
constexpr std::uint64_t scan_token_end = 2;
constexpr std::uint64_t scan_token_token = 4;
constexpr std::uint64_t scan_token_keyword_kind = 5;
constexpr std::uint64_t token_ident = 258;
constexpr std::uint64_t token_uident = 259;   // U&"…"
constexpr std::uint64_t token_usconst = 262;  // U&'…'
constexpr std::uint64_t token_sql_comment = 275;
constexpr std::uint64_t token_c_comment = 276;

Token token_of(std::string_view message, const char* scanned, std::size_t base) {
  Token token;
  std::uint64_t type = 0;
  bool keyword = false;
  for (Message fields{message}; const auto field = fields.next();) {
    if (field->number == scan_token_start) token.begin = field->integer;
    if (field->number == scan_token_end) token.end = field->integer;
    if (field->number == scan_token_token) type = field->integer;
    if (field->number == scan_token_keyword_kind) keyword = field->integer != 0;
  }
  if (type == token_sql_comment || type == token_c_comment) {
    token.kind = TokenKind::comment;
  } else if (keyword || (type == token_ident && scanned[token.begin] != '"')) {
    token.kind = TokenKind::word;
  }
  // libpg_query tells a wrong end for these two.
  if (type == token_uident || type == token_usconst) token.end = 0;
  token.begin += base;
  if (token.end != 0) token.end += base;
  return token;
}

// The offset of a character that PostgreSQL counted, from 1.
std::size_t offset_of(std::string_view sql, int position) {
  std::size_t at = 0;
  for (int characters = 1; at < sql.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(sql[at]) & 0xC0U) != 0x80;
    if (begins_character && characters++ == position) break;
  }
  return at;
}

// The end of a token that did not tell it: white space is all that can stand between it and the next.
std::size_t end_before(std::string_view sql, std::size_t next) {
  return sql.find_last_not_of(" \t\n\v\f\r", next - 1) + 1;
}

struct Stop {
  std::string message;
  std::size_t at = 0;
};

// Scans from `base` to the end, or to where the scanner stops, which then is why no token is added.
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
  const std::string_view bytes{result->pbuf.data, result->pbuf.len};
  for (Message fields{bytes}; const auto field = fields.next();)
    if (field->number == scan_result_tokens) scan.tokens.push_back(token_of(field->bytes, rest, base));
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
    // What stands before the place is scanned alone. It may end within a token, which then ends the second scan at its
    // begin.
    std::string before = sql.substr(0, stop->at);
    if (const auto within = add_tokens(before, result.scanned, result)) {
      before.resize(within->at);
      add_tokens(before, result.scanned, result);
      return result;
    }
    // PostgreSQL 15 refuses a number that letters or `_` follow at once, where 16 has 1_000 and 0x1F. No token reaches
    // over a number's begin or end, so scanning can begin again behind it.
    std::size_t end = stop->at;
    while (end < sql.size() && is_of_number(sql[end]))
      ++end;
    if (end == stop->at || !stop->message.starts_with("trailing junk after numeric literal")) return result;
    result.tokens.push_back({.begin = stop->at, .end = end, .kind = TokenKind::other});
    result.scanned = end;
  }
  return result;
}

}  // namespace slipway
