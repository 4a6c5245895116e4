#include "sql/pieces.h"

#include <string>

#include "base/utf8.h"
#include "sql/statement_ends.h"
#include "sql/tokens.h"

namespace slipway {
namespace {

// The end of the last statement that ends within the SQL; 0 if none does. Truncated SQL has the same tokens up to the
// last complete one, so a `;` that is found also ends a statement of the whole SQL.
std::size_t last_statement_end(const std::string& sql) {
  const Words words = words_of(sql, scan(sql).tokens);
  std::size_t end = 0;
  for (std::size_t first = 0; first < words.texts.size();) {
    const std::size_t last = statement_end(words.texts, first);
    if (last < words.texts.size()) end = words.places[last].end;
    first = last + 1;
  }
  return end;
}

}  // namespace

std::optional<std::string_view> Pieces::next() {
  if (rest_.empty()) return std::nullopt;
  std::size_t end = 0;
  for (std::size_t window = size_; end == 0; window *= 2) {
    if (window >= rest_.size()) {
      end = rest_.size();
      break;
    }
    std::size_t cut = window;
    while (cut > 0 && continues_character(rest_[cut]))
      --cut;
    end = last_statement_end(std::string{rest_.substr(0, cut)});
  }
  const std::string_view piece = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return piece;
}

}  // namespace slipway
