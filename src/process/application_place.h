#pragma once

#include <filesystem>
#include <optional>

#include "error/error.h"
#include "process/user.h"

// The user and the working directory of an application.

namespace slipway {

struct ApplicationPlace {
  std::optional<User> user{};                                // absent: the user of this process
  std::optional<std::filesystem::path> working_directory{};  // absent: that of this process
};

// Changes to the user, then to the folder, which the user must be able to enter. Async-signal-safe.
StepFailure enter(const ApplicationPlace& place) noexcept;

// The error for the failure, with exit code 126.
Error not_entered(const ApplicationPlace& place, const StepFailure& failure);

}  // namespace slipway
