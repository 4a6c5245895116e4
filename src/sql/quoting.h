#pragma once

#include <string>
#include <string_view>

// How texts and names are written in SQL. A session quotes as its connection does; a script that is written without a
// database, as every server reads UTF-8.

namespace slipway {

class Quoting {
 public:
  virtual ~Quoting() = default;
  virtual std::string literal(std::string_view text) const = 0;
  virtual std::string identifier(std::string_view name) const = 0;

  // Text that may lose something rather than be refused: `?` takes the place of a character that the database may have
  // no place for.
  virtual std::string note(std::string_view text) const { return literal(text); }
};

// Right whatever standard_conforming_strings is (PostgreSQL: "String Constants with C-Style Escapes").
class OfflineQuoting final : public Quoting {
 public:
  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
};

}  // namespace slipway
