#pragma once

#include <chrono>
#include <optional>

// The settings for how a run behaves. docs/settings.md has their defaults.

namespace slipway {

// What to do if the statements of an applied revision were edited.
enum class ChecksumPolicy { error, warn, ignore };

// What to do if the database is at a revision that the migrations folder does not have, as in an older image.
enum class AheadPolicy { refuse, allow };

// What to do if a revision behind the head was never applied.
enum class OutOfOrderPolicy { refuse, allow };

struct RunPolicy {
  std::chrono::milliseconds lock_timeout{};       // of one attempt of a script, 0: none
  std::chrono::milliseconds statement_timeout{};  // 0: none
  std::chrono::milliseconds lock_wait{};          // the longest time without progress
  // Sessions that have blocked a migration for longer than this while idle in a transaction are ended; absent: never.
  std::optional<std::chrono::milliseconds> kill_idle_in_transaction{};
  ChecksumPolicy checksums = ChecksumPolicy::error;
  OutOfOrderPolicy out_of_order = OutOfOrderPolicy::refuse;
  AheadPolicy ahead = AheadPolicy::refuse;
};

}  // namespace slipway
