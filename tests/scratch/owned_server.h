#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/types.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"

// A real scratch server, owned by a program (scratch_owner.cpp) that ends in whatever way a test wants.

namespace slipway {

// A folder of versions, as Debian's /usr/lib/postgresql, with the one that the tests run on.
const std::string& installed_versions();

// Within half a minute.
bool comes_true(const std::function<bool()>& holds);

// The processes whose command line or open files name the folder, or that run in it.
std::vector<std::string> processes_of(const std::filesystem::path& folder);

class ScratchServerTest : public testing::Test {
 protected:
  ScratchServerTest();

  // `command` is for scratch_owner.
  fixture::Program owner(const std::vector<std::string>& command,
                         const std::string& url = "scratch:", const std::string& versions = installed_versions());

  // Once the server is ready.
  static std::string url_of(fixture::Program& program);

  // What there is in the temporary folder.
  std::vector<std::string> left() const;
  void expect_nothing_left() const;

  // Of the one folder in the temporary folder.
  std::filesystem::path folder() const { return temporary_.path() / left().at(0); }

  static std::string ask(const std::string& url, const std::string& query);
  static void tell(const std::string& url, const std::string& statement);

  // The keeper is the parent of the server, whose process id is the first line of postmaster.pid.
  pid_t server() const;
  static pid_t parent_of(pid_t process);

  fixture::TempFolder temporary_;
  std::optional<std::string> path_;

 private:
  std::map<std::string, std::string> environment() const;
};

}  // namespace slipway
