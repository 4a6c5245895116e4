#include "process/application_place.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <unistd.h>

namespace slipway {
namespace {

constexpr const char* changing_folder = "changing its working directory";

}  // namespace

StepFailure enter(const ApplicationPlace& place) noexcept {
  if (place.user)
    if (const StepFailure failure = become(*place.user); failure.step != nullptr) return failure;
  if (place.working_directory && ::chdir(place.working_directory->c_str()) != 0) return {changing_folder, errno};
  return {};
}

Error not_entered(const ApplicationPlace& place, const StepFailure& failure) {
  const std::string reason = std::strerror(failure.errno_value);
  if (place.working_directory && failure.step == changing_folder)
    return {ExitCode::not_executable,
            "can't start the application in '" + place.working_directory->string() + "': " + reason};
  return {
      ExitCode::not_executable, std::string{"can't start the application: "} + failure.step + ": " + reason,
      place.user && failure.errno_value == EPERM ? "only root with CAP_SETUID and CAP_SETGID can change the user" : ""};
}

}  // namespace slipway
