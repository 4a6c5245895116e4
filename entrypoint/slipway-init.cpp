#include <string>
#include <vector>

#include <unistd.h>

#include "error/error.h"
#include "init/diagnostics.h"
#include "init/init.h"

int main(int argc, char* argv[]) {
  using namespace slipway;
  // First of all: what arrives from here on is kept until the application is there to be given it.
  const SignalSet mask = set_signal_mask(SignalSet::all());
  try {
    std::vector<std::string> environment;
    for (char** string = environ; *string != nullptr; ++string)
      environment.emplace_back(*string);
    return run_init(std::vector<std::string>{argv + 1, argv + argc}, environment, mask);
  } catch (const Error& error) {
    const std::string hint = error.hint().empty() ? "" : ": " + error.hint();
    Diagnostics{Diagnostics::Level::warning}.warn(error.message() + hint);
    return static_cast<int>(error.exit_code());
  }
}
