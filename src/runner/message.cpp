#include "runner/message.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "sql/statement.h"

namespace slipway {

void Message::add(Purpose purpose, std::string_view sql, std::size_t count) {
  if (sql.empty()) return;
  text_ += sql;
  parts_.push_back({.purpose = purpose, .statements = count});
}

void Message::add_script(std::string_view sql) {
  script_ = {.offset = text_.size(), .size = sql.size()};
  text_ += sql;
  parts_.push_back({.purpose = Purpose::script, .statements = 0});
}

std::string_view Message::script() const {
  return script_ ? std::string_view{text_}.substr(script_->offset, script_->size) : std::string_view{};
}

std::size_t Message::own_statements() const noexcept {
  std::size_t count = 0;
  for (const Part& part : parts_)
    count += part.statements;
  return count;
}

Origin Message::origin(const Outcome& outcome) const {
  const auto position = static_cast<std::size_t>(outcome.error->position.value_or(0));
  Origin origin;
  if (script_ && position > 0) {
    const std::size_t begin = count_characters(std::string_view{text_}.substr(0, script_->offset));
    const std::size_t end = begin + count_characters(script()) + 1;  // the last position is just after it
    const bool is_of_grammar = outcome.finished == 0;
    if (position > begin && (position <= end || is_of_grammar)) origin.position = std::min(position, end) - begin;
    if (origin.position && is_of_grammar) return origin;
  }
  if (script_ && outcome.finished == 0 && parts_.front().purpose == Purpose::begin) return origin;

  std::size_t before = 0;
  for (const Part& part : parts_) {
    const std::size_t statements =
        part.purpose == Purpose::script ? statement_count(Script{.sql = std::string{script()}}) : part.statements;
    if (outcome.finished < before + statements) {
      if (part.purpose != Purpose::script) return {.purpose = part.purpose};
      origin.statement = outcome.finished - before;
      return origin;
    }
    before += statements;
  }
  // More statements have finished than were counted, because slipway's parser does not know some of the script's
  // statements.
  return origin;
}

}  // namespace slipway
