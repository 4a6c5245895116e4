#include "database/wait.h"

#include <chrono>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "log/log.h"

namespace slipway {

Action define_wait(CLI::App&) {
  return [](Context& context) {
    const SessionOptions connection = context.connection(Access::read_write);
    wait_until_ready(connection, context.wait_policy(std::chrono::seconds{60}), context.signals());
    log::info("wait.done", "PostgreSQL at " + connection.url.host_description() + " accepts connections");
    return ExitCode::success;
  };
}

}  // namespace slipway
