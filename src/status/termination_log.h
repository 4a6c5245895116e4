#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "error/error.h"

// Writes the reason why slipway itself failed to a file. Kubernetes shows a container's /dev/termination-log as the
// message of its last state, in `kubectl describe pod`.

namespace slipway {

// Message, hint and exit code, in at most the 4096 bytes that Kubernetes reads. If necessary, the message and the hint
// are cut between two characters. Pure.
std::string termination_message(const Error& error);

// The default file: Kubernetes' path, if it exists and this process is in the session of the container's main process.
// A process that a user starts with `kubectl exec` is not the reason why the container ends.
std::optional<std::filesystem::path> default_termination_log();

// Overwrites the file. If it can't be written, this only logs at the debug level.
void write_termination_log(const std::filesystem::path& file, const Error& error);

}  // namespace slipway
