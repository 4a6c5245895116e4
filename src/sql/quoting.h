#pragma once

#include <string>
#include <string_view>

// How text and names are quoted in SQL. A session quotes for its connection. A script that is written without a
// database is quoted for any server that reads UTF-8.

namespace slipway {

class Quoting {
 public:
  virtual ~Quoting() = default;
  virtual std::string literal(std::string_view text) const = 0;
  virtual std::string identifier(std::string_view name) const = 0;

  // For text that should rather lose a character than be refused: `?` replaces each character that the database's
  // encoding may lack.
  virtual std::string note(std::string_view text) const { return literal(text); }
};

// Correct for every value of standard_conforming_strings (PostgreSQL: "String Constants with C-Style Escapes").
class OfflineQuoting final : public Quoting {
 public:
  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
};

}  // namespace slipway
