#pragma once

#include <map>
#include <string>
#include <vector>

#include "context.h"
#include "process/application_place.h"

namespace CLI {
class App;
}

// The options of slipway-init as flags of `run`: --init-group, --init-rewrite … from slipway-init's own table.

namespace slipway {

class InitFlags {
 public:
  // Both this object and `command` must live until the command line is parsed.
  void add_to(CLI::App& command);

  // As slipway-init's command line has them. Throws Error (usage) for a bad value, here or in a SLIPWAY_INIT_*
  // variable.
  std::vector<std::string> given(const Environment& environment) const;

  // As whom and where slipway-init will start the application, by the options and the variables. Throws Error (usage)
  // as given(), and for a user that does not exist.
  ApplicationPlace place(const Environment& environment) const;

  // The first option or SLIPWAY_INIT_* variable that asks slipway-init for something, as the user wrote it; empty where
  // none does.
  std::string first_given(const Environment& environment) const;

 private:
  std::vector<std::string> options() const;

  std::map<std::string, int, std::less<>> counts_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace slipway
