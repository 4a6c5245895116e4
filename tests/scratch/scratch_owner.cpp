#include <iostream>
#include <string>
#include <thread>

#include <unistd.h>

#include "error/error.h"
#include "scratch/scratch_server.h"

// scratch_owner URL VERSIONS COMMAND…: makes a scratch server as slipway does, prints its URL, and then does what the
// first word of COMMAND says:
//   stay          lives until it is killed
//   return        ends in the usual way
//   exec PROGRAM… becomes another program
// An Error is printed as "exit code: message | hint".

int main(int count, char** arguments) {
  try {
    slipway::StopSignals signals;
    const slipway::ScratchServer server{slipway::DatabaseUrl::parse(arguments[1]), signals, arguments[2]};
    std::cout << server.url().to_uri() << std::endl;
    const std::string what = count > 3 ? arguments[3] : "return";
    if (what == "exec") {
      ::sigprocmask(SIG_SETMASK, &signals.inherited_mask(), nullptr);
      ::execvp(arguments[4], arguments + 4);
      return 127;
    }
    while (what == "stay") {
      signals.check();
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return 0;
  } catch (const slipway::Error& error) {
    std::cerr << static_cast<int>(error.exit_code()) << ": " << error.message() << " | " << error.hint() << std::endl;
    return static_cast<int>(error.exit_code());
  }
}
