#include <exception>
#include <iostream>
#include <optional>
#include <span>
#include <string>

#include <sys/prctl.h>

#include "command_line.h"
#include "error/error.h"
#include "log/log.h"
#include "settings/mask.h"
#include "status/termination_log.h"

namespace {

// Writes the failure to the log and to the termination log. If the command line could not be parsed, there is no
// context, and only the environment can name the termination log. Passwords are masked, because the message may repeat
// a URL that was typed in the wrong place.
int report(const slipway::Error& failure, const std::optional<slipway::Context>& context) {
  const slipway::Error error{failure.exit_code(), slipway::mask_passwords(failure.message()), failure.hint()};
  std::string sentence = error.message();
  if (!error.hint().empty()) sentence += "\n  hint: " + error.hint();
  const auto code = static_cast<int>(error.exit_code());
  slipway::log::error("failed", sentence, {{"exit_code", std::int64_t{code}}});
  const auto file = context ? context->termination_log() : slipway::Context{{}, {}}.termination_log();
  if (file) slipway::write_termination_log(*file, error);
  return code;
}

// A command whose result could not be written has not succeeded.
void require_written(std::ostream& results) {
  if (!results.flush())
    throw slipway::Error{slipway::ExitCode::not_written, "the result could not be written to stdout",
                         "check for a full disk or a closed pipe; the command itself has completed"};
}

}  // namespace

int main(int count, char** arguments) {
  // slipway must not leave a core file while it holds a password. Executing the application makes the process dumpable
  // again (prctl(2)).
  ::prctl(PR_SET_DUMPABLE, 0);
  std::optional<slipway::Context> context;
  try {
    slipway::CommandLine line = slipway::parse_command_line({arguments, static_cast<std::size_t>(count)});
    context.emplace(std::move(line.flags), std::move(line.application));
    const slipway::ExitCode code = line.action(*context);
    require_written(std::cout);
    return static_cast<int>(code);
  } catch (const slipway::Error& error) {
    return report(error, context);
  } catch (const std::exception& error) {
    return report({slipway::ExitCode::internal, std::string{"internal error: "} + error.what(),
                   "please report it with the command and the log"},
                  context);
  }
}
