#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "error/error.h"

// An error that the server reported, field by field (PostgreSQL: "Error and Notice Message Fields").

namespace slipway {

struct ServerError {
  std::string sqlstate;
  std::string severity;  // never translated
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
  std::string source_file;      // the server's source file that raised the error; never translated
  std::optional<int> position;  // into the message sent; counts characters, from 1

  // Whether the user's code raised it on purpose, by RAISE in PL/pgSQL or its equivalent in another language. That code
  // then chose the SQLSTATE, which says nothing about the server.
  bool is_raised_by_user() const noexcept;

  static ServerError from(const PGresult* result);
};

namespace sqlstate {
// PostgreSQL: "PostgreSQL Error Codes".
inline constexpr std::string_view undefined_table = "42P01";
inline constexpr std::string_view invalid_schema_name = "3F000";
inline constexpr std::string_view invalid_text_representation = "22P02";
inline constexpr std::string_view active_sql_transaction = "25001";
inline constexpr std::string_view invalid_transaction_termination = "2D000";
inline constexpr std::string_view lock_not_available = "55P03";
inline constexpr std::string_view deadlock_detected = "40P01";
inline constexpr std::string_view serialization_failure = "40001";
inline constexpr std::string_view insufficient_privilege = "42501";
inline constexpr std::string_view query_canceled = "57014";
inline constexpr std::string_view invalid_password = "28P01";
inline constexpr std::string_view invalid_authorization = "28000";
inline constexpr std::string_view invalid_catalog_name = "3D000";
inline constexpr std::string_view cannot_connect_now = "57P03";
inline constexpr std::string_view disk_full = "53100";
inline constexpr std::string_view out_of_memory = "53200";
inline constexpr std::string_view too_many_connections = "53300";
inline constexpr std::string_view read_only_transaction = "25006";
inline constexpr std::string_view undefined_file = "58P01";
inline constexpr std::string_view duplicate_file = "58P02";
inline constexpr std::string_view untranslatable_character = "22P05";
inline constexpr std::string_view feature_not_supported = "0A000";
inline constexpr std::string_view undefined_object = "42704";
inline constexpr std::string_view invalid_parameter_value = "22023";
}  // namespace sqlstate

// If the server has run out of disk space, memory or lock slots, so that no statement is to blame: Error 69. These are
// PostgreSQL's classes 53 and 58, except for a missing file that a statement names and for errors that a user's code
// raises.
std::optional<Error> lack_of_resources(const ServerError& error);

// The hint for it; empty for any other error.
std::string_view hint_for_lack_of_resources(const ServerError& error) noexcept;

// For a statement of slipway's own that the server refused: Error 77 if a privilege is missing, 69 if the server lacks
// disk space or memory, else 70.
Error refused_statement(const ServerError& error);

// Whether the transaction was rolled back and can be retried: a lock timeout, a deadlock or a serialization failure.
// False if a user's code raised the error.
bool is_worth_another_try(const ServerError& error) noexcept;

}  // namespace slipway
