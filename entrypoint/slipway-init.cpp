#include <cstddef>
#include <string>

#include <unistd.h>

#include "error/error.h"
#include "init/diagnostics.h"
#include "init/init.h"

int main(int argc, char* argv[]) {
  using namespace slipway;
  // This comes first: signals that arrive from here on stay pending until the application can receive them.
  const SignalSet mask = set_signal_mask(SignalSet::all());
  try {
    std::size_t variables = 0;
    while (environ[variables] != nullptr)
      ++variables;
    return run_init({argv + 1, argv + argc}, {environ, variables}, mask);
  } catch (const Error& error) {
    const std::string hint = error.hint().empty() ? "" : ": " + error.hint();
    Diagnostics{Diagnostics::Level::warning}.warn(error.message() + hint);
    return static_cast<int>(error.exit_code());
  }
}
