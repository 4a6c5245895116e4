// What `slipway run` does at its end, and nothing else:
//
//   launcher [exec] [raise=N] [init=OPTION…] [set=NAME=VALUE…] -- COMMAND…
//
// Or what it does before, until a stop signal ends it:
//
//   launcher wait

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <signal.h>

#include "base/wait.h"
#include "error/error.h"
#include "process/environment.h"
#include "process/launch.h"
#include "process/stop_signals.h"

namespace {

int wait_to_be_stopped(slipway::StopSignals& signals) {
  std::puts("waiting");
  std::fflush(stdout);
  try {
    for (;;) {
      slipway::wait({slipway::readable(signals.descriptor())}, slipway::Deadline::never());
      signals.check();
    }
  } catch (const slipway::Error& error) {
    std::fprintf(stderr, "%s\n", error.message().c_str());
    return static_cast<int>(error.exit_code());
  }
}

}  // namespace

int main(int argc, char* argv[]) {
  using namespace slipway;
  StopSignals signals;
  if (argc == 2 && argv[1] == std::string_view{"wait"}) return wait_to_be_stopped(signals);
  Environment environment = Environment::current();
  Launch what{.mask = signals.inherited_mask()};
  int next = 1;
  for (; next < argc && std::string_view{argv[next]} != "--"; ++next) {
    const std::string word = argv[next];
    const auto equals = word.find('=');
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (word == "exec") what.supervisor = Launch::Supervisor::none;
    if (word.starts_with("raise=")) ::raise(std::stoi(value));
    if (word.starts_with("init=")) what.init_options.push_back(value);
    if (word.starts_with("set=")) environment.set(value.substr(0, value.find('=')), value.substr(value.find('=') + 1));
  }
  what.command.assign(argv + next + 1, argv + argc);
  what.environment = environment.strings();
  try {
    launch(what);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s|%s\n", error.message().c_str(), error.hint().c_str());
    return static_cast<int>(error.exit_code());
  }
}
