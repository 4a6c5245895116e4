#pragma once

#include <filesystem>
#include <optional>

#include "error/error.h"
#include "process/user.h"

// As whom, and in which folder, an application is started.

namespace slipway {

struct ApplicationPlace {
  std::optional<User> user{};                                // absent: as this process
  std::optional<std::filesystem::path> working_directory{};  // absent: where this process is
};

// Goes there: the user first, who has to be able to enter the folder. Async-signal-safe.
StepFailure enter(const ApplicationPlace& place) noexcept;

// What to tell of the failure, with exit code 126.
Error not_entered(const ApplicationPlace& place, const StepFailure& failure);

}  // namespace slipway
