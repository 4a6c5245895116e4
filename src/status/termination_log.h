#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "error/error.h"

// Writes the reason for a failure of slipway itself into a file. Kubernetes shows a container's /dev/termination-log as
// the message of its last state, in `kubectl describe pod`.

namespace slipway {

// Message, hint and exit code, in at most the 4096 bytes that Kubernetes reads. If they are longer, the message is cut
// between two characters. Pure.
std::string termination_message(const Error& error);

// The default: Kubernetes' path, if it exists and this process belongs to the container's main process. A process
// started by `kubectl exec` is not the reason why the container ends.
std::optional<std::filesystem::path> default_termination_log();

// Replaces the file's content. If it can't be written, only the debug log says so.
void write_termination_log(const std::filesystem::path& file, const Error& error);

}  // namespace slipway
