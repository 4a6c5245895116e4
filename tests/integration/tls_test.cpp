#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// TLS as libpq's sslmode has it, with authorities and certificates made for the test. The role `migrator` has a
// certificate in place of a password.

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
    const std::string rules = read_file(server_.data() / "pg_hba.conf");
    // Written in place: the file is the server's.
    std::ofstream{server_.data() / "pg_hba.conf"} << "hostssl all migrator all cert\n" << rules;
    server_.start();
    return server_;
  }

  // NAME.crt for `role`, signed by `authority`, and NAME.key.
  void make_client_certificate(const std::string& name, const std::string& role, const std::string& authority) {
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + role,
             "-keyout", file(name + ".key"), "-out", file("client.csr")});
    openssl({"x509", "-req", "-in", file("client.csr"), "-CA", file(authority + ".crt"), "-CAkey",
             file(authority + ".key"), "-CAcreateserial", "-days", "2", "-out", file(name + ".crt")});
  }

  Finished upgrade_as_migrator(const std::string& query) {
    project_.database().execute("CREATE ROLE migrator LOGIN SUPERUSER");
    project_.set("DATABASE_URL", "postgresql://migrator@localhost:" + std::to_string(server_.port()) + "/" +
                                     project_.database().name() +
                                     "?sslmode=verify-full&sslrootcert=" + file("authority.crt") + query);
    return project_.run({"upgrade", "--wait-timeout", "20s", "--wait-grace", "200ms"});
  }

  std::string certificate(const std::string& name) const {
    return "&sslcert=" + file(name + ".crt") + "&sslkey=" + file(name + ".key");
  }

  void openssl(const std::vector<std::string>& arguments) const {
    const Finished finished = run("/usr/bin/openssl", arguments);
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }

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
  Postgres server_{{.settings = {"ssl=on", "ssl_ca_file=" + file("authority.crt")}, .start = false}};
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
                 "set sslrootcert to the root certificate");
}

TEST_F(Tls, ACertificateForAnotherHostIsRefusedAtOnce) {
  expect_refused(upgrade("127.0.0.1", "sslmode=verify-full&sslrootcert=" + file("authority.crt")),
                 "use the host name in the server's certificate");
  EXPECT_EQ(upgrade("127.0.0.1", "sslmode=verify-ca&sslrootcert=" + file("authority.crt")).exit_code, 0);
}

TEST_F(Tls, AMissingRootCertificateIsRefusedAtOnce) {
  expect_refused(upgrade("localhost", "sslmode=verify-full&sslrootcert=/none"), "sslrootcert");
}

// libpq has sslrootcert=system from 16 on, and then verifies whatever sslmode says. SSL_CERT_FILE stands for what the
// machine trusts.
TEST_F(Tls, TheMachinesAuthoritiesAreAskedAndNothingLess) {
  for (const char* query : {"sslrootcert=system", "sslrootcert=system&sslmode=verify-full"}) {
    project_.set("SSL_CERT_FILE", file("other.crt"));
    expect_refused(upgrade("localhost", query), "certificate verify failed");
    project_.set("SSL_CERT_FILE", file("authority.crt"));
    expect_refused(upgrade("127.0.0.1", query), "use the host name in the server's certificate");
    const Finished finished = upgrade("localhost", query);
    EXPECT_EQ(finished.exit_code, 0) << query << finished.err;
    EXPECT_EQ(project_.run({"downgrade", "base"}).exit_code, 0);
    project_.database().execute("DROP TABLE IF EXISTS audit");
  }
}

TEST_F(Tls, TheMachinesAuthoritiesMayBeAskedForElsewhere) {
  project_.set("SSL_CERT_FILE", file("other.crt"));
  project_.set("PGSSLROOTCERT", "system");
  expect_refused(upgrade("localhost", ""), "certificate verify failed");
  expect_refused(upgrade("localhost", "sslmode=require"), "would not verify the server");
  project_.set("PGSSLMODE", "prefer");
  expect_refused(upgrade("localhost", ""), "would not verify the server");
  project_.set("PGSSLMODE", "");
  project_.set("PGSSLROOTCERT", "");
  folder_.write("services", "[app]\nsslrootcert=system\n");
  project_.set("PGSERVICEFILE", file("services"));
  expect_refused(upgrade("localhost", "service=app"), "certificate verify failed");
  project_.set("SSL_CERT_FILE", file("authority.crt"));
  EXPECT_EQ(upgrade("localhost", "service=app").exit_code, 0);
}

TEST_F(Tls, AWeakerModeIsNoneForTheMachinesAuthorities) {
  for (const char* mode : {"disable", "allow", "prefer", "require", "verify-ca"})
    expect_refused(upgrade("localhost", std::string{"sslrootcert=system&sslmode="} + mode),
                   "would not verify the server");
  project_.set("SSL_CERT_FILE", "/none");
  expect_refused(upgrade("localhost", "sslrootcert=system"), "does not exist");
}

// Prisma's word for it.
TEST_F(Tls, PrismasStrictCheckIsOne) {
  expect_refused(upgrade("localhost", "sslmode=require&sslaccept=strict&sslcert=" + file("other.crt")),
                 "certificate verify failed");
  const Finished finished = upgrade("localhost", "sslmode=require&sslaccept=strict&sslcert=" + file("authority.crt"));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

TEST_F(Tls, ChannelBindingCanBeRequired) {
  expect_refused(upgrade("localhost", "sslmode=disable&channel_binding=require"), "channel binding");
  EXPECT_EQ(upgrade("localhost", "sslmode=require&channel_binding=require").exit_code, 0);
}

TEST_F(Tls, ChannelBindingIsRefusedWhereTheServerWantsNoScram) {
  project_.database().execute("SET password_encryption = 'md5'; CREATE ROLE old_role LOGIN PASSWORD 'secret'");
  server_.stop();
  std::ofstream{server_.data() / "pg_hba.conf"} << "local all all trust\nhostssl all all all md5\n";
  server_.start();
  project_.set("DATABASE_URL",
               server_.url(project_.database().name(), "old_role", "secret") + "?channel_binding=require");
  expect_refused(project_.run({"current", "--wait-timeout", "20s"}), "channel binding");
}

TEST_F(Tls, AClientCertificateTakesThePasswordsPlace) {
  make_client_certificate("client", "migrator", "authority");
  const Finished finished = upgrade_as_migrator(certificate("client"));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project_.heads(), ElementsAre("002"));
}

TEST_F(Tls, WithoutTheClientCertificateTheServerRefusesAccess) {
  const Finished finished = upgrade_as_migrator("");
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("requires a valid client certificate"));
  EXPECT_THAT(finished.err, HasSubstr("pg_hba.conf"));
}

TEST_F(Tls, AnotherRolesClientCertificateGivesNoAccess) {
  make_client_certificate("client", "somebody", "authority");
  const Finished finished = upgrade_as_migrator(certificate("client"));
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("certificate authentication failed for user \"migrator\""));
}

TEST_F(Tls, AClientCertificateOfAnUnknownAuthorityIsRefusedAtOnce) {
  make_client_certificate("client", "migrator", "other");
  const Finished finished = upgrade_as_migrator(certificate("client"));
  expect_refused(finished, "alert unknown ca");
  EXPECT_THAT(finished.err, HasSubstr("ssl_ca_file"));
}

TEST_F(Tls, AClientCertificateWithAnotherKeyIsRefusedAtOnce) {
  make_client_certificate("client", "migrator", "authority");
  make_client_certificate("another", "migrator", "authority");
  expect_refused(upgrade_as_migrator("&sslcert=" + file("client.crt") + "&sslkey=" + file("another.key")),
                 "private key file");
}

}  // namespace
}  // namespace slipway::fixture
