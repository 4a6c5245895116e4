#pragma once

#include <string_view>

#include "settings/query_parameters.h"

// Translates a database URL in one of its URI forms into libpq's keywords and values. Errors never contain the part
// before the query, because a password may be anywhere in it.

namespace slipway {

// The form of a URL, for the hint of an error.
constexpr auto uri_form = "write postgresql://user:password@host:5432/database";

// Whether `text` is meant as a URI: it begins with a word and `://`, or with `jdbc:postgresql:`.
bool is_uri(std::string_view text);

// The parts are libpq's (PQconninfoParse), the query is query_parameters.h's. If SQLAlchemy reads a URL differently
// from libpq (a / in the password, a + in the query), the forms with a driver are read as SQLAlchemy reads them
// (sqlalchemy/engine/url.py), Java's as pgjdbc does, and the others as libpq does.
//
// Boost.URL can't be used here: Boost 1.74 does not have it. It also follows RFC 3986 and refuses URLs that libpq
// accepts, such as one with several hosts (`a:1,b:2`) or an empty port.
//
// Throws Error (bad_configuration).
LibpqParameters parse_connection_uri(std::string_view text);

}  // namespace slipway
