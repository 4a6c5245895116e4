#pragma once

#include <array>
#include <string_view>

// The settings that slipway makes on a session, and the statements that reset what a script has set.
//
// Each string is one or more statements. Each statement ends with a semicolon and contains no other semicolon.

namespace slipway {

// Resets everything that one script has set, so that the next does not see it. These are the parts of DISCARD ALL,
// which can't be part of a message with other statements (PostgreSQL: "DISCARD"), with these exceptions. Advisory locks
// stay. Prepared statements stay too: a pooler relies on those that other clients have prepared, and slipway
// deallocates a script's by name. Each message sets slipway's role again. client_encoding is set explicitly, because
// behind a pooler RESET does not restore the encoding that slipway requested when it connected.
inline constexpr auto session_reset =
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; "
    "DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES;\n";

// The same, at the end of a script's transaction, so that a pooler gets the connection back as it was.
inline constexpr auto reset_behind_script =
    "CLOSE ALL; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES;\n";

// With these the server, too, notices a silently cut network. Otherwise the session would keep its locks: by default,
// PostgreSQL checks the connection only after two hours (PostgreSQL: "TCP Settings"). They have no effect on a unix
// socket.
inline constexpr std::array<std::string_view, 4> server_keepalives{
    "tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3", "tcp_user_timeout = 30000"};

// Makes PostgreSQL 14 and later check while a statement runs whether the client is still connected, on systems that
// support it (PostgreSQL: client_connection_check_interval). Without this, a statement whose slipway was killed would
// run to its end, keep its locks and commit. Behind a pooler the client is the pooler, which closes its connection too.
// The first is for the transaction, as a column of a SELECT; the second is for the session, as a statement.
inline constexpr std::string_view client_check =
    "CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', true) END";
inline constexpr std::string_view session_client_check =
    "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', false) END;\n";
inline constexpr int client_check_since = 140000;  // the server's version

inline constexpr std::string_view asynchronous_commit = "SET LOCAL synchronous_commit = off;\n";

// Makes the transaction's commit wait for the server's disk, even if the role's default is `off`. A stricter setting,
// such as waiting for a standby's disk, is kept.
inline constexpr std::string_view synchronous_commit =
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', true) WHERE "
    "pg_catalog.current_setting('synchronous_commit') = 'off';\n";

}  // namespace slipway
