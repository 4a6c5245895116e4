#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Translates the query of a database URL, such as `?ssl=require&command_timeout=30`, to libpq's keywords. The drivers
// of applications have further parameters; driver_parameters.h lists those that slipway knows.

namespace slipway {

using QueryParameter = std::pair<std::string, std::string>;  // name and value, decoded

// The kind of URL, according to its scheme. The dialects differ in a few points.
enum class Dialect {
  libpq,
  sqlalchemy,  // a + in the query is a blank, and the password may contain a slash
  jdbc,        // a + in the query is a blank, ssl=true is verify-full, the host is localhost if none is named
};

struct LibpqParameters {
  std::vector<std::pair<std::string, std::string>> parameters;  // keyword and value, each keyword once
  std::vector<std::string> notes;  // a sentence for each parameter that was left out or translated
};

// Whether an error may quote an unknown name. The name is withheld if the URL is so malformed that it may be part of a
// password.
enum class UnknownName { quoted, withheld };

// Throws Error (bad_configuration) for a name that neither libpq nor a known driver has, and for a refused parameter.
LibpqParameters to_libpq(std::span<const QueryParameter> query, Dialect dialect, UnknownName unknown);

// Whether it looks like a name, so that an error may quote it. A password rarely does.
bool is_plain_name(std::string_view name);

// libpq's keywords, from libpq's own list.
std::span<const std::string> libpq_keywords();

// Throws Error (bad_configuration) if the name is not one of libpq's sslmodes.
void check_sslmode(std::string_view mode);

}  // namespace slipway
