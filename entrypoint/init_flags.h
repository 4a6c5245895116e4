#pragma once

#include <map>
#include <string>
#include <vector>

#include "context.h"
#include "process/application_place.h"

namespace CLI {
class App;
}

// The options of slipway-init as flags of `run` (--init-group, --init-rewrite …), made from slipway-init's own table.

namespace slipway {

class InitFlags {
 public:
  // Both this object and `command` must live until the command line is parsed.
  void add_to(CLI::App& command);

  // The options, written as slipway-init takes them. Throws Error (usage) for a bad value in a flag or in a
  // SLIPWAY_INIT_* variable, so that the error comes before any migration.
  std::vector<std::string> given(const Environment& environment) const;

  // The user and the folder with which slipway-init will start the application. Throws Error (usage) as given() does,
  // and for a user that does not exist.
  ApplicationPlace place(const Environment& environment) const;

  // The first option or SLIPWAY_INIT_* variable that the user has set, as the user wrote it; empty if there is none.
  std::string first_given(const Environment& environment) const;

 private:
  std::vector<std::string> options() const;

  std::map<std::string, int, std::less<>> counts_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace slipway
