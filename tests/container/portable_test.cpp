// The portable programs where nothing but glibc is: on Debian 12 and 13, in trees as debootstrap makes them. The
// servers are the tests' own, on this machine's loopback.

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "container/container.h"
#include "integration/project.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::docker;
using fixture::Finished;
using fixture::Project;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path programs = SLIPWAY_PORTABLE_PROGRAMS;

struct Base {
  const char* name;
  const char* image;
};

void PrintTo(const Base& base, std::ostream* out) {
  *out << base.name;
}

class Portable : public testing::TestWithParam<Base> {
 protected:
  void SetUp() override {
    if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  }

  static std::string mounted(const fs::path& folder, const std::string& place) {
    return "type=bind,src=" + folder.string() + ",dst=" + place;
  }

  // The project's folder is mounted where it is.
  static Finished run(const Project& project, const std::string& url, const std::vector<std::string>& arguments) {
    const std::string folder = project.folder().string();
    std::vector<std::string> words{"run",
                                   "--rm",
                                   "--network=host",
                                   "--mount",
                                   mounted(programs, "/programs"),
                                   "--mount",
                                   mounted(folder, folder),
                                   "--workdir",
                                   folder,
                                   "--env",
                                   "DATABASE_URL=" + url,
                                   GetParam().image,
                                   "/programs/slipway"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return docker(words);
  }
};

TEST_P(Portable, the_tree_has_no_driver) {
  const Finished found =
      docker({"run", "--rm", "--network=none", GetParam().image, "find", "/usr/lib", "-name", "libpq*"});
  EXPECT_THAT(found.out, IsEmpty());
}

TEST_P(Portable, it_migrates_and_launches) {
  Project project;
  project.write_two_revisions();
  const Finished finished = run(project, project.database().url(), {"run", "--", "echo", "started"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, "started\n");
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

// A certificate for localhost alone, and of an authority that the tree does not know.
TEST_P(Portable, it_verifies_the_server_in_full) {
  fixture::Postgres server{{.settings = {"ssl=on"}, .start = false}};
  const fixture::TempFolder keys;
  const auto openssl = [&](std::vector<std::string> arguments) {
    ASSERT_EQ(fixture::run("/usr/bin/openssl", arguments).exit_code, 0);
  };
  const std::string key = (server.data() / "server.key").string();
  const std::string certificate = (server.data() / "server.crt").string();
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
           "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate});
  ASSERT_EQ(
      fixture::run("/bin/chown", {"--reference=" + (server.data() / "base").string(), key, certificate}).exit_code, 0);
  fs::permissions(key, fs::perms::owner_read);
  server.start();
  Project project{server};
  project.write_two_revisions();
  fs::copy(certificate, project.folder() / "root.crt");
  const std::string root = (project.folder() / "root.crt").string();
  fs::permissions(root, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  const auto url = [&](const std::string& host, const std::string& query) {
    return "postgresql://postgres:" + std::string{fixture::Postgres::password} + "@" + host + ":" +
           std::to_string(server.port()) + "/" + project.database().name() + "?" + query;
  };

  const std::string verified = "sslmode=verify-full&sslrootcert=" + root;
  EXPECT_EQ(run(project, url("127.0.0.1", verified), {"upgrade"}).exit_code, 78);
  EXPECT_THAT(project.database().rows("SELECT 1 FROM pg_tables WHERE tablename = 'one'"), IsEmpty());
  const Finished finished = run(project, url("localhost", verified), {"upgrade"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

INSTANTIATE_TEST_SUITE_P(On, Portable,
                         testing::Values(Base{"bookworm", "debian:bookworm-slim"},
                                         Base{"trixie", "slipway-test-trixie"}),
                         [](const auto& info) { return std::string{info.param.name}; });

// Beside glibc, no library is asked for.
TEST(PortablePrograms, need_nothing_but_glibc) {
  if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  const std::string listed = fixture::run("/usr/bin/readelf", {"--dynamic", (programs / "slipway").string()}).out;
  std::istringstream lines{listed};
  for (std::string line; std::getline(lines, line);) {
    if (line.find("(NEEDED)") == std::string::npos) continue;
    EXPECT_THAT(line, testing::AnyOf(HasSubstr("[libc.so.6]"), HasSubstr("[libm.so.6]"), HasSubstr("[ld-linux")));
  }
  EXPECT_THAT(fixture::run("/usr/bin/readelf", {"--dynamic", (programs / "slipway-init").string()}).out,
              HasSubstr("There is no dynamic section"));
  EXPECT_LT(fs::file_size(programs / "slipway") + fs::file_size(programs / "slipway-init"), 10'000'000U);
}

}  // namespace
}  // namespace slipway
