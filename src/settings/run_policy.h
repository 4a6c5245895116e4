#pragma once

#include <chrono>
#include <optional>

// The settings that decide how a run behaves. docs/settings.md has each with its default.

namespace slipway {

// What to do if the statements of an applied revision were edited.
enum class ChecksumPolicy { error, warn, ignore };

// What to do if the database is at a revision that the migrations folder does not have, as in an older image.
enum class AheadPolicy { refuse, allow };

// What to do if a revision behind the head was never applied.
enum class OutOfOrderPolicy { refuse, allow };

struct RunPolicy {
  std::chrono::milliseconds lock_timeout{};       // of one attempt of a script; 0 means no limit
  std::chrono::milliseconds statement_timeout{};  // 0 means no limit
  std::chrono::milliseconds lock_wait{};          // without any progress, before the run fails
  // How long a session that blocks a migration may be idle in a transaction before it is terminated; absent: never.
  std::optional<std::chrono::milliseconds> kill_idle_in_transaction{};
  ChecksumPolicy checksums = ChecksumPolicy::error;
  OutOfOrderPolicy out_of_order = OutOfOrderPolicy::refuse;
  AheadPolicy ahead = AheadPolicy::refuse;
};

}  // namespace slipway
