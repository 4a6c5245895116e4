#pragma once

#include <chrono>
#include <optional>

#include "settings/settings.h"

// How a run behaves where there is a choice. docs/settings.md has each with its default.

namespace slipway {

struct RunPolicy {
  std::chrono::milliseconds lock_timeout{};       // of one attempt of a script, 0: none
  std::chrono::milliseconds statement_timeout{};  // 0: none
  std::chrono::milliseconds lock_wait{};          // without any progress, before the run is given up
  std::optional<std::chrono::milliseconds> kill_idle_in_transaction{};  // absent: nobody is ever ended
  ChecksumPolicy checksums = ChecksumPolicy::error;
  OutOfOrderPolicy out_of_order = OutOfOrderPolicy::refuse;
  AheadPolicy ahead = AheadPolicy::refuse;
};

}  // namespace slipway
