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
  std::string source_file;      // of the server, in which the error was raised; never translated
  std::optional<int> position;  // in the message that was sent; counts characters from 1

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

// Error 69 if the server lacks a resource, such as disk space, memory or room in its lock table, so that no statement
// is to blame. These are PostgreSQL's classes 53 and 58, except for errors about a file that a statement names
// (undefined_file, duplicate_file) and errors that the user's code raises.
std::optional<Error> lack_of_resources(const ServerError& error);

// The hint for such an error; empty for any other error.
std::string_view hint_for_lack_of_resources(const ServerError& error) noexcept;

// The error for a statement of slipway, not of a script, that the server refused: Error 77 if a privilege is missing,
// 69 if the server lacks a resource, and 70 otherwise.
Error refused_statement(const ServerError& error);

// Whether the transaction had no effect and can be retried: after a lock timeout, a deadlock or a serialization
// failure. False if the user's code raised the error.
bool is_worth_another_try(const ServerError& error) noexcept;

}  // namespace slipway
