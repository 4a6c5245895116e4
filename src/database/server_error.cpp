#include "database/server_error.h"

#include <charconv>

namespace slipway {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string{} : std::string{text};
}

}  // namespace

ServerError ServerError::from(const PGresult* result) {
  ServerError error{.sqlstate = field(result, PG_DIAG_SQLSTATE),
                    .severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
                    .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
                    .detail = field(result, PG_DIAG_MESSAGE_DETAIL),
                    .hint = field(result, PG_DIAG_MESSAGE_HINT),
                    .context = field(result, PG_DIAG_CONTEXT),
                    .position = {}};
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  int number = 0;
  if (std::from_chars(position.data(), position.data() + position.size(), number).ec == std::errc{})
    error.position = number;
  return error;
}

bool is_worth_another_try(std::string_view sqlstate) noexcept {
  return sqlstate == sqlstate::lock_not_available || sqlstate == sqlstate::deadlock_detected ||
         sqlstate == sqlstate::serialization_failure;
}

}  // namespace slipway
