#pragma once

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <libpq-fe.h>

// The result of one statement. Owns libpq's PGresult. Returned views point into it.

namespace slipway {

class Rows {
 public:
  // Takes ownership; `result` is not null.
  explicit Rows(PGresult* result) : result_{result, &PQclear} {}

  int size() const noexcept { return PQntuples(result_.get()); }

  // The value in text form; absent for NULL. Rows and columns count from 0.
  std::optional<std::string_view> value(int row, int column) const noexcept {
    if (PQgetisnull(result_.get(), row, column) == 1) return std::nullopt;
    return std::string_view{PQgetvalue(result_.get(), row, column),
                            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }

  // The same, with an empty text for NULL.
  std::string text(int row, int column) const { return std::string{value(row, column).value_or("")}; }
  // The value of an integer column; 0 for NULL.
  std::int64_t integer(int row, int column) const noexcept {
    const std::string_view digits = value(row, column).value_or("");
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }
  // The maximal length of a column of type character or character varying, in characters; absent: unlimited.
  std::optional<std::size_t> character_limit(int column) const noexcept {
    constexpr Oid bpchar = 1042;  // pg_type.dat
    constexpr Oid varchar = 1043;
    constexpr int header = 4;  // the type modifier includes it
    const Oid type = PQftype(result_.get(), column);
    const int modifier = PQfmod(result_.get(), column);
    if ((type != bpchar && type != varchar) || modifier < header) return std::nullopt;
    return static_cast<std::size_t>(modifier - header);
  }
  bool is_true(int row, int column) const noexcept { return value(row, column) == "t"; }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

}  // namespace slipway
