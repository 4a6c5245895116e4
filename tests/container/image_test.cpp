// What is in the images, and what is not.

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "container/compose.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::docker;
using fixture::image;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class Image : public testing::Test {
 protected:
  void SetUp() override {
    if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  }

  static std::string sh(const std::string& script) {
    return docker({"run", "--rm", "--network=none", "--entrypoint=/bin/sh", image("backend"), "-c", script}).out;
  }
};

TEST_F(Image, slipway_has_the_two_programs_and_nothing_else) {
  const fixture::ContainerName name;
  ASSERT_EQ(docker({"create", "--name", name.text(), image("slipway"), "/slipway"}).exit_code, 0);
  const fixture::TempFolder folder;
  const std::string archive = (folder.path() / "archive").string();
  ASSERT_EQ(docker({"export", "--output", archive, name.text()}).exit_code, 0);
  std::istringstream listed{fixture::run("/usr/bin/tar", {"--list", "--file", archive}).out};
  std::set<std::string> files;
  // The engine itself puts mount points and these three into every container.
  for (std::string file; listed >> file;)
    if (!file.ends_with('/') && !file.starts_with("etc/") && !file.starts_with("dev/") && file != ".dockerenv")
      files.insert(file);
  EXPECT_THAT(files, UnorderedElementsAre("slipway", "slipway-init"));
}

TEST_F(Image, backend_has_no_compiler_no_package_lists_and_no_driver_of_slipways) {
  EXPECT_THAT(sh("command -v gcc cc g++ make cmake git"), IsEmpty());
  EXPECT_THAT(sh("ls /var/lib/apt/lists; ls /var/cache/apt/archives/*.deb"), IsEmpty());
  EXPECT_THAT(sh("ls /usr/lib/*/libpq.so* /usr/lib/*/libpqxx*"), IsEmpty());
  EXPECT_THAT(sh("ls /app/migrations"), Not(IsEmpty()));
}

TEST_F(Image, backend_is_not_roots) {
  EXPECT_EQ(sh("id --user --name"), "app\n");
  EXPECT_EQ(sh("find / -xdev -user app -not -path '/proc/*' | head"), "");
}

TEST_F(Image, no_layer_tells_a_secret) {
  const std::string environment =
      docker({"inspect", "--format={{range .Config.Env}}{{println .}}{{end}}", image("backend")}).out;
  EXPECT_THAT(environment, Not(testing::HasSubstr("DATABASE_URL")));
  EXPECT_THAT(environment, Not(testing::HasSubstr("PASSWORD")));
}

// Kubernetes mounts the file that its `kubectl describe pod` shows.
class TerminationLog : public Image {
 protected:
  TerminationLog() {
    using enum fs::perms;
    fs::permissions(file_, owner_all | group_read | group_write | others_read | others_write);
  }

  fixture::Finished run(const std::vector<std::string>& options, const std::vector<std::string>& command) const {
    std::vector<std::string> words{"run",
                                   "--name",
                                   name_.text(),
                                   "--network=none",
                                   "--read-only",
                                   "--mount",
                                   "type=bind,src=" + file_.string() + ",dst=/dev/termination-log",
                                   "--env",
                                   "DATABASE_URL=postgresql://app:secret-word@127.0.0.1:1/app",
                                   "--env",
                                   "SLIPWAY_WAIT_TIMEOUT=0"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(image("backend"));
    words.insert(words.end(), command.begin(), command.end());
    return docker(words);
  }
  std::string reason() const { return fixture::read_file(file_); }

  fixture::ContainerName name_;

 private:
  fixture::TempFolder folder_;
  fs::path file_ = folder_.write("termination-log", "");
};

TEST_F(TerminationLog, has_the_reason_of_the_container) {
  EXPECT_EQ(run({}, {"/bin/true"}).exit_code, 69);
  EXPECT_THAT(reason(), testing::StartsWith("can't connect to PostgreSQL at 127.0.0.1:1/app: "));
  EXPECT_THAT(reason(), testing::EndsWith("\nexit code 69\n"));
  EXPECT_THAT(reason(), Not(testing::HasSubstr("secret-word")));
}

TEST_F(TerminationLog, has_the_reason_also_where_a_shell_comes_first) {
  EXPECT_EQ(run({"--entrypoint=/bin/sh"}, {"-c", "slipway upgrade; exit 3"}).exit_code, 3);
  EXPECT_THAT(reason(), testing::EndsWith("\nexit code 69\n"));
}

TEST_F(TerminationLog, is_left_alone_by_what_is_started_beside_the_application) {
  ASSERT_EQ(run({"--detach", "--entrypoint=/usr/local/bin/slipway-init"}, {"--", "sleep", "1000"}).exit_code, 0);
  EXPECT_EQ(docker({"exec", name_.text(), "slipway", "upgrade"}).exit_code, 69);
  EXPECT_EQ(docker({"exec", name_.text(), "sh", "-c", "slipway upgrade; exit 3"}).exit_code, 3);
  EXPECT_EQ(reason(), "");
}

}  // namespace
}  // namespace slipway
