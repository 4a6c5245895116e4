#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// TLS as libpq's sslmode has it, with authorities and certificates made for the test.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Tls : public testing::Test {
 protected:
  Tls() : project_{server_ready()} { project_.write_two_revisions(); }

  // A certificate for the host name localhost alone, signed by `authority`.
  Postgres& server_ready() {
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=authority", "-keyout", file("authority.key"), "-out", file("authority.crt")});
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=another authority", "-keyout", file("other.key"), "-out", file("other.crt")});
    const std::string key = (server_.data() / "server.key").string();
    const std::string certificate = (server_.data() / "server.crt").string();
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
             "-keyout", key, "-out", file("server.csr")});
    folder_.write("names", "subjectAltName=DNS:localhost\n");
    openssl({"x509", "-req", "-in", file("server.csr"), "-CA", file("authority.crt"), "-CAkey", file("authority.key"),
             "-CAcreateserial", "-days", "2", "-extfile", file("names"), "-out", certificate});
    EXPECT_EQ(run("/bin/chown", {"--reference=" + (server_.data() / "base").string(), key, certificate}).exit_code, 0);
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    server_.start();
    return server_;
  }

  void openssl(const std::vector<std::string>& arguments) const {
    const Finished finished = run("/usr/bin/openssl", arguments);
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
  }

  std::string file(const char* name) const { return (folder_.path() / name).string(); }

  Finished upgrade(const std::string& host, const std::string& query) {
    project_.set("DATABASE_URL", "postgresql+asyncpg://postgres:" + std::string{Postgres::password} + "@" + host + ":" +
                                     std::to_string(server_.port()) + "/" + project_.database().name() + "?" + query);
    return project_.run({"upgrade", "--wait-timeout", "20s"});
  }

  void expect_refused(const Finished& finished, const char* words) const {
    EXPECT_EQ(finished.exit_code, 78) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
    EXPECT_THAT(finished.err, Not(HasSubstr("waiting for")));
    EXPECT_THAT(project_.database().rows("SELECT 1 FROM pg_tables WHERE tablename = 'one'"), ElementsAre());
  }

  TempFolder folder_;
  Postgres server_{{.settings = {"ssl=on"}, .start = false}};
  Project project_;
};

TEST_F(Tls, AServerThatIsWhoItSaysIsTrusted) {
  const Finished finished = upgrade("localhost", "sslmode=verify-full&sslrootcert=" + file("authority.crt"));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project_.heads(), ElementsAre("002"));
}

TEST_F(Tls, AsyncpgsWordForItIsUnderstood) {
  expect_refused(upgrade("localhost", "ssl=verify-full&sslrootcert=" + file("other.crt")), "certificate verify failed");
  const Finished finished = upgrade("localhost", "ssl=verify-full&sslrootcert=" + file("authority.crt"));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

TEST_F(Tls, ACertificateOfAnotherAuthorityIsRefusedAtOnce) {
  expect_refused(upgrade("localhost", "sslmode=verify-full&sslrootcert=" + file("other.crt")),
                 "not signed by the root in sslrootcert");
}

TEST_F(Tls, ACertificateForAnotherHostIsRefusedAtOnce) {
  expect_refused(upgrade("127.0.0.1", "sslmode=verify-full&sslrootcert=" + file("authority.crt")),
                 "is for another host name");
  EXPECT_EQ(upgrade("127.0.0.1", "sslmode=verify-ca&sslrootcert=" + file("authority.crt")).exit_code, 0);
}

TEST_F(Tls, AMissingRootCertificateIsRefusedAtOnce) {
  expect_refused(upgrade("localhost", "sslmode=verify-full&sslrootcert=/none"), "sslrootcert");
}

TEST_F(Tls, ChannelBindingCanBeRequired) {
  EXPECT_EQ(upgrade("localhost", "sslmode=require&channel_binding=require").exit_code, 0);
}

}  // namespace
}  // namespace slipway::fixture
