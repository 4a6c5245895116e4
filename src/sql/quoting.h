#pragma once

#include <string>
#include <string_view>

// How texts and names are written in SQL. A session quotes for its connection. A script that is written without a
// database uses a form that every server with UTF-8 reads.

namespace slipway {

class Quoting {
 public:
  virtual ~Quoting() = default;
  virtual std::string literal(std::string_view text) const = 0;
  virtual std::string identifier(std::string_view name) const = 0;

  // Text that must not be refused: characters that the database's encoding may not have are replaced by `?`.
  virtual std::string note(std::string_view text) const { return literal(text); }
};

// Correct for every value of standard_conforming_strings (PostgreSQL: "String Constants with C-Style Escapes").
class OfflineQuoting final : public Quoting {
 public:
  std::string literal(std::string_view text) const override;
  std::string identifier(std::string_view name) const override;
};

}  // namespace slipway
