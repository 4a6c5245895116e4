#pragma once

#include <map>
#include <string>
#include <vector>

#include "context.h"
#include "process/application_place.h"

namespace CLI {
class App;
}

// The options of slipway-init as flags of `run` (--init-group, --init-rewrite …), made from slipway-init's table.

namespace slipway {

class InitFlags {
 public:
  // This object and `command` must outlive the parsing of the command line.
  void add_to(CLI::App& command);

  // The options in the form that slipway-init accepts. Throws Error (usage) if a flag or a SLIPWAY_INIT_* variable has
  // an invalid value, so that the error comes before any migration.
  std::vector<std::string> given(const Environment& environment) const;

  // The user and the working directory with which slipway-init will start the application. Throws Error (usage) like
  // given(), and for a user that does not exist.
  ApplicationPlace place(const Environment& environment) const;

  // The first option or SLIPWAY_INIT_* variable that the user has set, as the user wrote it; empty if there is none.
  std::string first_given(const Environment& environment) const;

 private:
  std::vector<std::string> options() const;

  std::map<std::string, int, std::less<>> counts_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace slipway
