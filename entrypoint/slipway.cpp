#include <exception>
#include <span>
#include <string>

#include <sys/prctl.h>

#include "command_line.h"
#include "error/error.h"
#include "log/log.h"

namespace {

int report(const slipway::Error& error) {
  std::string sentence = error.message();
  if (!error.hint().empty()) sentence += "\n  hint: " + error.hint();
  const auto code = static_cast<int>(error.exit_code());
  slipway::log::error("failed", sentence, {{"exit_code", std::int64_t{code}}});
  return code;
}

}  // namespace

int main(int count, char** arguments) {
  // While it holds a password it leaves no core file; the application that it becomes may again (prctl(2)).
  ::prctl(PR_SET_DUMPABLE, 0);
  try {
    slipway::CommandLine line = slipway::parse_command_line({arguments, static_cast<std::size_t>(count)});
    slipway::Context context{std::move(line.flags), std::move(line.application)};
    return static_cast<int>(line.action(context));
  } catch (const slipway::Error& error) {
    return report(error);
  } catch (const std::exception& error) {
    return report({slipway::ExitCode::internal, std::string{"a bug of slipway's: "} + error.what(),
                   "please report it with the command and the log"});
  }
}
