#include "database/assertion.h"

namespace slipway {

std::string select_or_fail(const std::string& condition, std::string_view word, const std::string& from) {
  return "SELECT (CASE WHEN " + condition + " THEN '0' ELSE '" + std::string{word} + "' END)::pg_catalog.int4" +
         (from.empty() ? "" : " FROM " + from) + ";\n";
}

bool failed_with(const ServerError& error, std::string_view word) {
  return error.sqlstate == sqlstate::invalid_text_representation && error.message.find(word) != std::string::npos;
}

}  // namespace slipway
