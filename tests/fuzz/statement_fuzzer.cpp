#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "revision/checksum.h"
#include "sql/excerpt.h"
#include "sql/pieces.h"
#include "sql/statement.h"

// Whatever a script holds: its statements are parts of it, in order and at the lines they say, without an overlap, and
// what is between them is neither a statement nor lost; a comment at its end changes no checksum that tokens make.

namespace {

using slipway::Script;
using slipway::Statement;

void check_statements(const Script& script) {
  std::size_t end = 0;
  for (const Statement& statement : slipway::split(script)) {
    if (statement.text.empty() || statement.offset < end) std::abort();
    if (script.sql.compare(statement.offset, statement.text.size(), statement.text) != 0) std::abort();
    if (statement.line != script.first_line + slipway::count_line_ends(script.sql.substr(0, statement.offset)))
      std::abort();
    end = statement.offset + statement.text.size();
    slipway::index_build(statement);
    slipway::index_rebuild(statement);
  }
}

// Cut up into the smallest pieces, it is the same statements.
void check_pieces(const Script& script) {
  std::string joined;
  std::vector<std::string> texts;
  for (slipway::Pieces pieces{script.sql, 16}; const auto piece = pieces.next();) {
    joined += *piece;
    for (const Statement& statement : slipway::split({.sql = std::string{*piece}}))
      texts.push_back(statement.text);
  }
  if (joined != script.sql) std::abort();
  std::vector<std::string> whole;
  for (const Statement& statement : slipway::split(script))
    whole.push_back(statement.text);
  if (texts != whole) std::abort();
}

void check_excerpt(const Script& script, std::size_t position) {
  const slipway::Excerpt excerpt = slipway::excerpt(script, position);
  if (excerpt.line < script.first_line || !excerpt.text.ends_with('^')) std::abort();
  if (excerpt.text.find('\n') != excerpt.text.rfind('\n')) std::abort();
  if (slipway::first_not_utf8(excerpt.text)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Script script{.sql = std::string{reinterpret_cast<const char*>(data), size}, .first_line = 3};
  if (slipway::first_not_utf8(script.sql) || script.sql.find('\0') != std::string::npos) return 0;
  check_statements(script);
  check_pieces(script);
  for (const std::size_t position : {std::size_t{0}, std::size_t{1}, size / 2, size, size + 1})
    check_excerpt(script, position);
  if (slipway::token_checksum(script) != slipway::bytes_checksum(script)) {
    Script longer = script;
    longer.sql += "\n-- a comment\n";
    if (slipway::token_checksum(longer) != slipway::token_checksum(script)) std::abort();
  }
  return 0;
}
