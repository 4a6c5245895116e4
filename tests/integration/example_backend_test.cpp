#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"

// What `./dev run` shows: the example backend on a database of its own, from an empty folder to the last answer.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class ExampleBackend : public testing::Test {
 protected:
  // The scratch server's folder is made in TMPDIR, where the server's user has to get in.
  ExampleBackend() { std::filesystem::permissions(temporary_.path(), std::filesystem::perms{0777}); }

  std::unique_ptr<Program> start() const {
    return std::make_unique<Program>(
        slipway(),
        std::vector<std::string>{"run", "--init-subreaper", "--", "/usr/bin/python3", "-m", "uvicorn", "--app-dir",
                                 "examples/backend", "app:app", "--host", "127.0.0.1", "--port", "0"},
        ProgramOptions{.environment = {{"DATABASE_URL", "scratch:"},
                                       {"TMPDIR", temporary_.path().string()},
                                       {"PYTHONDONTWRITEBYTECODE", "1"}},
                       .folder = SLIPWAY_SOURCE,
                       .blocked_signals = {}});
  }

  // The page at `path` of the server that has said where it is.
  static Finished get(const Program& server, const std::string& path, const std::string& accept = "*/*") {
    static const std::regex address{R"(running on (http://127\.0\.0\.1:\d+))"};
    std::smatch found;
    const std::string log = server.err();
    if (!std::regex_search(log, found, address)) return {.exit_code = 1, .out = {}, .err = log};
    return run("/usr/bin/python3", {"-c",
                                    "import sys, urllib.request as r; print(r.urlopen(r.Request(sys.argv[1], "
                                    "headers={'Accept': sys.argv[2]})).read().decode())",
                                    found[1].str() + path, accept});
  }

  std::vector<std::filesystem::path> left_behind() const {
    return {std::filesystem::directory_iterator{temporary_.path()}, {}};
  }

  TempFolder temporary_;
};

TEST_F(ExampleBackend, AnswersFromTheMigratedTablesAndLeavesNothingBehind) {
  for (int time = 0; time < 2; ++time) {
    const auto backend = start();
    ASSERT_TRUE(backend->wait_for_err("Uvicorn running on", std::chrono::seconds{60})) << backend->err();
    EXPECT_THAT(backend->err(), HasSubstr("applied 001"));
    EXPECT_THAT(backend->err(), HasSubstr("applied 002"));

    const Finished users = get(*backend, "/api/users");
    ASSERT_EQ(users.exit_code, 0) << users.err;
    const auto rows = nlohmann::json::parse(users.out);
    ASSERT_FALSE(rows.empty());
    EXPECT_TRUE(rows.front().contains("display_name")) << rows.front();
    EXPECT_THAT(get(*backend, "/", "text/html").out, HasSubstr(rows.front()["display_name"].get<std::string>()));
    for (const char* path : {"/healthz", "/readyz"})
      EXPECT_THAT(get(*backend, path).out, HasSubstr("002"));
    EXPECT_THAT(get(*backend, "/livez").out, HasSubstr("ok"));

    backend->signal(SIGINT);
    EXPECT_EQ(backend->wait().exit_code, 0) << backend->err();
    EXPECT_THAT(backend->err(), HasSubstr("shut down gracefully"));
    // The keeper of the server takes a moment after the last that used it.
    for (int i = 0; i < 1000 && !left_behind().empty(); ++i)
      ::usleep(10'000);
    EXPECT_THAT(left_behind(), IsEmpty());
  }
}

}  // namespace
}  // namespace slipway::fixture
