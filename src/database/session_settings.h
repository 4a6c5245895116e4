#pragma once

#include <array>
#include <string_view>

// The settings that slipway makes on a session, and the statements that reset what a script has set.
//
// Each string is one or more statements. Each statement ends with a semicolon and contains no other semicolon.

namespace slipway {

// The parts of DISCARD ALL, which itself can't stand in a message with others (PostgreSQL: "DISCARD"), except the
// advisory locks: what one script set, the next must not see. The role that slipway works as is set again by each
// message. Prepared statements stay: a pooler counts on those that others have prepared, and what a script has prepared
// is deallocated by name. The encoding that slipway asks for at connecting is what RESET goes back to, but not behind a
// pooler.
inline constexpr auto session_reset =
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; "
    "DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES;\n";

// The same after a script, in its transaction, so that a pooler gets the connection back as it was.
inline constexpr auto reset_behind_script =
    "CLOSE ALL; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES;\n";

// The server, too, has to notice that the network was cut silently. Until then the session keeps its locks, and
// PostgreSQL's default is two hours (PostgreSQL: "TCP Settings"). They have no effect on a unix socket.
inline constexpr std::array<std::string_view, 4> server_keepalives{
    "tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3", "tcp_user_timeout = 30000"};

// PostgreSQL 14 and later can check while a statement runs whether its client is still connected (PostgreSQL:
// client_connection_check_interval). Without the check, the statement of a killed slipway runs to its end, keeps its
// locks and commits. Behind a pooler the client is the pooler, which ends its connection too. For a transaction, as a
// column of a SELECT; and for a session, as a statement.
inline constexpr std::string_view client_check =
    "CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', true) END";
inline constexpr std::string_view session_client_check =
    "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', false) END;\n";
inline constexpr int client_check_since = 140000;  // the server's version

inline constexpr std::string_view asynchronous_commit = "SET LOCAL synchronous_commit = off;\n";

// Makes the commit wait for the server's disk if a default of the role says otherwise. A stricter setting, such as
// waiting for a standby, stays.
inline constexpr std::string_view synchronous_commit =
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', true) WHERE "
    "pg_catalog.current_setting('synchronous_commit') = 'off';\n";

}  // namespace slipway
