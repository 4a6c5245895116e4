#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fixture/temp_folder.h"
#include "measure/peers.h"
#include "measure/process.h"

// The migration tools, each with its folder of the same revisions and its command to apply them.

namespace slipway::bench {

struct Tool {
  const Peer& peer;
  std::function<void(const fixture::TempFolder&, int)> write;
  std::function<Command(const fixture::TempFolder&, const std::string& url)> upgrade;
};

// `slipway run -- /bin/true`, in a folder with migrations/.
Command slipway_run(const fixture::TempFolder& folder, const std::string& url);
Command slipway_upgrade(const fixture::TempFolder& folder, const std::string& url);

// Each with the settings that a container's start would give it, quiet where it can be.
const Tool& slipway_tool();
std::vector<Tool> other_tools();  // those that are installed

// psql as a script would run it: no start file, no chatter, and an error ends it.
Command psql_file(const std::string& url, const std::string& file, const std::vector<std::string>& more = {});

}  // namespace slipway::bench
