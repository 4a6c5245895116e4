#pragma once

#include <array>
#include <string_view>

// What slipway sets on a session beside what a script asks for, and how it takes back what a script has set.
//
// Each string is one statement or several, each ended by its semicolon, and none holds a semicolon elsewhere.

namespace slipway {

// The parts of DISCARD ALL, which itself can't stand in a message with others (PostgreSQL: "DISCARD"), except the
// advisory locks: what one script set, the next must not see. The role that slipway works as is set again by each
// message. Prepared statements stay: a pooler counts on those that others have prepared, and what a script has prepared
// is deallocated by name. The encoding that slipway asks for at connecting is what RESET goes back to, but not behind a
// pooler.
inline constexpr auto session_reset =
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; "
    "DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES;\n";

// The same behind a script and in its transaction, so that a pooler hands on a connection as it was.
inline constexpr auto reset_behind_script =
    "CLOSE ALL; RESET ALL; SET client_encoding = 'UTF8'; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES;\n";

// The server, too, has to notice a network that was cut silently: a session that it goes on serving holds its locks,
// and PostgreSQL by itself looks after two hours (PostgreSQL: "TCP Settings"). Over a unix socket they do nothing.
inline constexpr std::array<std::string_view, 4> server_keepalives{
    "tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3", "tcp_user_timeout = 30000"};

// Whether the client is still there, which PostgreSQL from 14 on asks its socket while a statement runs, where the
// system can tell (PostgreSQL: client_connection_check_interval). Without it a statement whose slipway was killed runs
// to its end, keeps its locks and commits. Behind a pooler the client is the pooler, which ends its connection too.
// The transaction's, as a column of a SELECT; and the session's, as a statement.
inline constexpr std::string_view client_check =
    "CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', true) END";
inline constexpr std::string_view session_client_check =
    "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN "
    "pg_catalog.set_config('client_connection_check_interval', '1s', false) END;\n";
inline constexpr int client_check_since = 140000;  // the server's version

inline constexpr std::string_view asynchronous_commit = "SET LOCAL synchronous_commit = off;\n";

// Has the transaction's commit wait for the server's disk where a default of the role says otherwise; what asks for
// more, a standby's disk say, stays.
inline constexpr std::string_view synchronous_commit =
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', true) WHERE "
    "pg_catalog.current_setting('synchronous_commit') = 'off';\n";

}  // namespace slipway
