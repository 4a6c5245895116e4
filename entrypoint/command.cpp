#include "command.h"

#include <array>

namespace slipway {

std::span<const Command* const> commands() noexcept {
#define SLIPWAY_ADDRESS_OF_COMMAND(name) &name##_command,
  static constexpr std::array table{SLIPWAY_COMMANDS(SLIPWAY_ADDRESS_OF_COMMAND)};
#undef SLIPWAY_ADDRESS_OF_COMMAND
  return table;
}

}  // namespace slipway
