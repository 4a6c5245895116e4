#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "error/error.h"

// The reason why slipway itself failed, left in a file: Kubernetes shows a container's /dev/termination-log as the
// message of its last state, in `kubectl describe pod`.

namespace slipway {

// Message, hint and exit code. Never longer than the 4096 bytes that Kubernetes reads of it: it is the message that is
// cut then, between two characters. Pure.
std::string termination_message(const Error& error);

// The default place: Kubernetes' own path, where that exists and this process belongs to the
// container's main one. What a person starts beside it, as by `kubectl exec`, is not why the container ends.
std::optional<std::filesystem::path> default_termination_log();

// Replaces what the file held. That it can't be written is a line of the debug log and nothing more.
void write_termination_log(const std::filesystem::path& file, const Error& error);

}  // namespace slipway
