#include "runner/script_text.h"

#include <charconv>
#include <regex>

#include "base/text.h"
#include "base/utf8.h"
#include "sql/pieces.h"
#include "sql/statement.h"
#include "sql/tokens.h"

namespace slipway {
namespace {

std::string with_ascii_comments(std::string_view script) {
  std::string text;
  for (Pieces pieces{script}; const auto piece = pieces.next();) {
    const std::string sql{*piece};
    std::size_t copied = 0;
    for (const Token& token : scan(sql).tokens) {
      if (token.kind != TokenKind::comment) continue;
      text.append(sql, copied, token.begin - copied);
      text += with_ascii(std::string_view{sql}.substr(token.begin, token.end - token.begin));
      copied = token.end;
    }
    text.append(sql, copied);
  }
  return text;
}

// The bytes of the character in the server's error: "0xe2 0x80 0x94", whatever its language.
std::string named_character(const std::string& message) {
  static const std::regex hexadecimal{"0x([0-9a-f]{2})"};
  std::string bytes;
  for (auto match = std::sregex_iterator{message.begin(), message.end(), hexadecimal}; match != std::sregex_iterator{};
       ++match) {
    const std::string digits = (*match)[1];
    unsigned int byte = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace

ScriptText::ScriptText(const Session& session, const Script& script)
    : script_{script},
      without_comments_{session.has_every_character() ? std::string{} : with_ascii_comments(script.sql)},
      sql_{session.has_every_character() ? std::string_view{script.sql} : std::string_view{without_comments_}} {}

Script ScriptText::script() const {
  Script script = script_;
  script.sql = sql_;
  return script;
}

std::optional<std::size_t> ScriptText::untranslatable(const ServerError& error) const {
  if (error.sqlstate != sqlstate::untranslatable_character) return std::nullopt;
  const std::string character = named_character(error.message);
  const std::size_t at = character.empty() ? std::string_view::npos : sql_.find(character);
  if (at == std::string_view::npos) return std::nullopt;
  return count_characters(sql_.substr(0, at)) + 1;
}

Strings strings_of(const Session& session) {
  return session.has_standard_strings() ? Strings::standard : Strings::escaped;
}

bool is_closed(const Session& session, std::string_view last_piece) {
  return session.has_standard_strings() && !unread(Script{.sql = std::string{last_piece}});
}

}  // namespace slipway
