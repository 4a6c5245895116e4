#include "process/user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "error/error.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::slipway_init;
using fixture::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;

class Lookup : public testing::Test {
 protected:
  User find(std::string_view text) const {
    return find_user(text, {.passwd = folder_.path() / "passwd", .group = folder_.path() / "group"});
  }
  std::string refusal(std::string_view text) const {
    try {
      find(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::usage);
      return error.message() + "|" + error.hint();
    }
    return "no error";
  }

 private:
  TempFolder folder_;
  std::filesystem::path passwd_ = folder_.write("passwd",
                                                "root:x:0:0:root:/root:/bin/sh\n"
                                                "app:x:1000:1000:,,,:/home/app:/bin/sh\n"
                                                "2000:x:3000:3000::/home/digits:/bin/sh\n"
                                                "homeless:x:1001:1000:::\n");
  std::filesystem::path group_ = folder_.write("group",
                                               "root:x:0:\n"
                                               "app:x:1000:\n"
                                               "video:x:44:root,app\n"
                                               "audio:x:29:app,app\n");
};

TEST_F(Lookup, by_name_with_its_groups_and_home) {
  const User user = find("app");
  EXPECT_EQ(user.uid, 1000U);
  EXPECT_EQ(user.gid, 1000U);
  EXPECT_THAT(user.groups, ElementsAre(1000, 44, 29));
  EXPECT_EQ(user.home, "/home/app");
}

TEST_F(Lookup, by_number_of_an_entry_is_the_same) {
  EXPECT_THAT(find("1000").groups, ElementsAre(1000, 44, 29));
  EXPECT_EQ(find("1000").home, "/home/app");
}

TEST_F(Lookup, a_name_of_digits_goes_before_the_number) {
  EXPECT_EQ(find("2000").uid, 3000U);
}

TEST_F(Lookup, a_group_that_is_given_is_the_only_one) {
  EXPECT_THAT(find("app:video").groups, ElementsAre(44));
  EXPECT_EQ(find("app:video").gid, 44U);
  EXPECT_THAT(find("app:4711").groups, ElementsAre(4711));
  EXPECT_EQ(find("app:4711").home, "/home/app");
}

TEST_F(Lookup, a_number_without_an_entry_keeps_the_group) {
  EXPECT_EQ(find("5000").uid, 5000U);
  EXPECT_EQ(find("5000").gid, ::getegid());
  EXPECT_EQ(find("5000").home, "/");
  EXPECT_EQ(find("5000:6000").gid, 6000U);
  EXPECT_EQ(find("homeless").home, "/");
}

TEST_F(Lookup, unknown_names_are_answered_with_those_meant) {
  EXPECT_THAT(refusal("ap"), HasSubstr("there is no user 'ap' in "));
  EXPECT_THAT(refusal("ap"), HasSubstr("did you mean app?"));
  EXPECT_THAT(refusal("app:vidoe"), HasSubstr("there is no group 'vidoe' in "));
  EXPECT_THAT(refusal("app:vidoe"), HasSubstr("did you mean video?"));
  EXPECT_THAT(refusal("4294967295"), HasSubstr("there is no user"));
  EXPECT_THAT(refusal("-1"), HasSubstr("there is no user"));
  EXPECT_THAT(refusal(""), HasSubstr("there is no user ''"));
}

TEST(LookupWithoutFiles, numbers_are_enough) {
  EXPECT_EQ(find_user("1:2", {.passwd = "/no/such", .group = "/no/such"}).gid, 2U);
  EXPECT_THROW(find_user("app", {.passwd = "/no/such", .group = "/no/such"}), Error);
}

class Dropping : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0 && std::getenv("CI") == nullptr) GTEST_SKIP() << "only root can become another user";
  }
};

TEST_F(Dropping, is_complete_and_for_good) {
  const auto finished =
      fixture::run(slipway_init(), {"-s", "--user=nobody", probe(), "state"}, fixture::with({{"HOME", "/root"}}));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("uids 65534 65534 65534\ngids 65534 65534 65534\ngroups 65534\n"));
  EXPECT_THAT(finished.out, HasSubstr("no new privileges 0\n"));
  EXPECT_THAT(finished.out, HasSubstr("can be root no\n"));
  EXPECT_THAT(finished.out, HasSubstr("HOME /nonexistent\n"));
}

TEST_F(Dropping, by_numbers_with_a_group) {
  const auto finished = fixture::run(slipway_init(), {"-s", "--user=4711:4712", probe(), "state"});
  EXPECT_THAT(finished.out, HasSubstr("uids 4711 4711 4711\ngids 4712 4712 4712\ngroups 4712\n"));
  EXPECT_THAT(finished.out, HasSubstr("HOME /\n"));
}

TEST_F(Dropping, no_new_privileges_on_request) {
  const auto finished = fixture::run(slipway_init(), {"-s", "--user=nobody", "--no-new-privs", probe(), "state"});
  EXPECT_THAT(finished.out, HasSubstr("no new privileges 1\n"));
}

TEST_F(Dropping, the_init_can_still_signal_and_reap) {
  fixture::Supervised program{{slipway_init(), "-s", "--user=nobody", probe(), "signals"}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

TEST_F(Dropping, the_users_own_rights_count_for_the_folder_and_the_file) {
  const TempFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0700});
  const auto cwd = fixture::run(slipway_init(), {"-s", "--user=nobody", "--cwd=" + folder.path().string(), "true"});
  EXPECT_EQ(cwd.exit_code, 126);
  EXPECT_THAT(cwd.err, HasSubstr("Permission denied"));
  const auto file = folder.write("app", "#!/bin/sh\n");
  std::filesystem::permissions(file, std::filesystem::perms{0755});
  const auto run = fixture::run(slipway_init(), {"-s", "--user=nobody", file});
  EXPECT_EQ(run.exit_code, 126);
  EXPECT_THAT(run.err, HasSubstr("permission denied"));
}

TEST_F(Dropping, who_may_not_is_told) {
  const auto finished =
      fixture::run(slipway_init(), {"-s", "--user=nobody", slipway_init(), "-s", "--user=root", "true"});
  EXPECT_EQ(finished.exit_code, 126);
  EXPECT_THAT(finished.err, HasSubstr("setgroups: Operation not permitted: only root with CAP_SETUID and CAP_SETGID"));
}

TEST_F(Dropping, who_is_that_user_already_needs_no_right) {
  const auto finished = fixture::run(
      slipway_init(), {"-s", "--user=nobody", slipway_init(), "-s", "--user=nobody", probe(), "exit", "5"});
  EXPECT_EQ(finished.exit_code, 5) << finished.err;
}

// What a container that was started as a user other than root has: the user, and what else the runtime gave it.
class AlreadyThatUser : public Dropping {
 protected:
  void SetUp() override {
    Dropping::SetUp();
    if (!std::filesystem::exists(setpriv)) GTEST_SKIP() << "there is no setpriv";
  }
  static fixture::Finished run(std::vector<std::string> privileges, const std::vector<std::string>& command) {
    privileges.insert(privileges.begin(), {"--reuid=65534", "--regid=65534"});
    privileges.insert(privileges.end(), {"--", slipway_init().string(), "-s", "--user=65534:65534"});
    privileges.insert(privileges.end(), command.begin(), command.end());
    return fixture::run(setpriv, privileges);
  }

  static constexpr const char* setpriv = "/usr/bin/setpriv";
};

TEST_F(AlreadyThatUser, with_groups_that_cannot_be_left_is_told) {
  const auto finished = run({"--groups=65534,4711"}, {probe(), "exit", "5"});
  EXPECT_EQ(finished.exit_code, 126);
  EXPECT_EQ(finished.err,
            "slipway-init: can't start the application: leaving the groups that the user is not in (setgroups): "
            "Operation not permitted: only root with CAP_SETUID and CAP_SETGID can change the user\n");
}

TEST_F(AlreadyThatUser, loses_the_capabilities_that_it_has) {
  const auto finished =
      run({"--groups=65534", "--inh-caps=+net_bind_service,+chown", "--ambient-caps=+net_bind_service,+chown"},
          {"/bin/grep", "Cap[IPEA]", "/proc/self/status"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"
            "CapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n");
}

}  // namespace
}  // namespace slipway
