#pragma once

// What one script set, the next must not see.

namespace slipway {

// The parts of DISCARD ALL, which itself can't stand in a message with others (PostgreSQL: "DISCARD"), but for the
// advisory locks. The role that slipway works as is set again by each message.
inline constexpr auto session_reset =
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *; DISCARD PLANS; DISCARD TEMP; "
    "DISCARD SEQUENCES;\n";

inline constexpr int session_reset_statements = 8;

}  // namespace slipway
