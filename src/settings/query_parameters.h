#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The query of a database URL, `?ssl=require&command_timeout=30`: which of its parameters libpq has, and under which
// keyword. Drivers have their own parameters there; a table lists the known ones.

namespace slipway {

using QueryParameter = std::pair<std::string, std::string>;  // name and value, decoded

// The driver that the URL is for, as far as its scheme says. Drivers differ in a few details.
enum class Dialect {
  libpq,
  sqlalchemy,  // a + in the query is a blank, and the password may contain a slash
  jdbc,        // a + in the query is a blank, ssl=true is verify-full, the host is localhost if none is named
};

struct LibpqParameters {
  std::vector<std::pair<std::string, std::string>> parameters;  // keyword and value, each keyword once
  std::vector<std::string> notes;  // a sentence for each parameter that was left out or translated
};

// Whether an error may name a parameter that is not known. It may not if the URL is so malformed that the name may be
// part of a password.
enum class UnknownName { quoted, withheld };

// Throws Error (bad_configuration) for a name that neither libpq nor a known driver has, and for a parameter that
// slipway can't honour.
LibpqParameters to_libpq(std::span<const QueryParameter> query, Dialect dialect, UnknownName unknown);

// Whether an error may repeat it as a name. Text that was meant as a password rarely passes.
bool is_plain_name(std::string_view name);

// libpq's keywords, from libpq's own list.
std::span<const std::string> libpq_keywords();

// Throws Error (bad_configuration) if the name is not one of libpq's sslmodes.
void check_sslmode(std::string_view mode);

}  // namespace slipway
