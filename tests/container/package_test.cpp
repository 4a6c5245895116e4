// The Debian package in a clean Debian.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "container/container.h"
#include "integration/project.h"

namespace slipway {
namespace {

using fixture::docker;
using fixture::Finished;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string folder_of_package = SLIPWAY_PACKAGE_FOLDER;

std::string mounted(const std::string& folder, const std::string& place) {
  return "type=bind,src=" + folder + ",dst=" + place;
}

TEST(DebianPackage, is_installed_and_used) {
  if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  fixture::Project project;
  project.write_two_revisions();
  const std::string folder = project.folder().string();
  const fixture::ContainerName name;
  const Finished finished =
      docker({"run", "--name", name.text(), "--network=host", "--mount", mounted(folder_of_package, "/package"),
              "--mount", mounted(folder, folder), "--workdir", folder, "--env",
              "DATABASE_URL=" + project.database().url(), "debian:bookworm-slim", "sh", "-ec",
              "apt-get -qq update\n"
              "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "
              "/package/slipway_*.deb >/dev/null\n"
              "slipway run -- echo started\n"
              "dpkg --listfiles slipway\n"
              "apt-get -qq purge -y slipway >/dev/null\n"
              "test ! -e /usr/bin/slipway\n"},
             std::chrono::minutes{8});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("started\n"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  for (const char* file :
       {"/usr/bin/slipway", "/usr/bin/slipway-init", "/usr/share/man/man1/slipway.1.gz",
        "/usr/share/man/man8/slipway-init.8.gz", "/usr/share/bash-completion/completions/slipway",
        "/usr/share/zsh/vendor-completions/_slipway", "/usr/share/fish/vendor_completions.d/slipway.fish"})
    EXPECT_THAT(finished.out, HasSubstr(std::string{file} + "\n"));
}

}  // namespace
}  // namespace slipway
