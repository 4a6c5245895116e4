#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "container/container.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"

// The checkout's docker-compose.yml in a folder of a test's own, with a copy of migrations/ that its containers mount
// and the images that tests/container/images has made. Taken down when it is destroyed, with its volume; what a killed
// test leaves behind is removed by the next.

namespace slipway::fixture {

// An image of this checkout's: "backend" or "slipway".
std::string image(std::string_view target);

class Compose {
 public:
  Compose();
  ~Compose();
  Compose(const Compose&) = delete;
  Compose& operator=(const Compose&) = delete;

  // `docker compose` with these, to its end.
  Finished operator()(const std::vector<std::string>& arguments) const;

  // The words of a user, as in run("docker compose exec backend slipway current"), without a terminal.
  Finished run(std::string_view line) const;
  Finished run_on_a_terminal(std::string_view line) const;  // `out` has stderr's words too

  // The ids of a service's containers, ended ones too.
  std::vector<std::string> containers(std::string_view service) const;

  // What the containers of a service have logged.
  std::string log(std::string_view service) const;
  bool wait_for_log(std::string_view service, std::string_view text) const;

  // The answer to a query, as `psql -At` prints it.
  std::string query(const std::string& sql) const;

  const std::filesystem::path& folder() const noexcept { return folder_.path(); }
  void write_migration(std::string_view name, std::string_view up) const;

  const std::string& name() const { return name_.text(); }

 private:
  std::vector<std::string> command(const std::vector<std::string>& arguments) const;
  ProgramOptions options() const;

  TempFolder folder_;
  ContainerName name_;
};

// Until it holds, for as long as a busy machine may take to start a database and a backend: else false.
bool wait_long_until(const std::function<bool()>& holds);

}  // namespace slipway::fixture
