#include "settings/server_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(ServerOptions, AreReadAsTheServerDoes) {
  const ServerOptions options =
      parse_server_options(R"(-c search_path=a,b\ c  -cgeqo=off --work-mem=64MB -c X.y=a\\b)");
  EXPECT_THAT(options.settings, ElementsAre(Pair("search_path", "a,b c"), Pair("geqo", "off"), Pair("work_mem", "64MB"),
                                            Pair("x.y", "a\\b")));
  EXPECT_FALSE(options.has_others);
}

TEST(ServerOptions, OfNoneAreNone) {
  for (const char* text : {"", " \t"}) {
    EXPECT_THAT(parse_server_options(text).settings, IsEmpty());
    EXPECT_FALSE(parse_server_options(text).has_others);
  }
}

// Neon's proxy is told where to go by a word that no server has; the rest are settings that only a start can make.
TEST(ServerOptions, SayWhetherThereIsMoreThanSettings) {
  for (const char* text : {"endpoint=ep-cool-1", "-c log_disconnections=on", "-B 100", "-c", "-c search_path", "--x",
                           "-c transaction_isolation=serializable"}) {
    EXPECT_THAT(parse_server_options(text).settings, IsEmpty()) << text;
    EXPECT_TRUE(parse_server_options(text).has_others) << text;
  }
  const ServerOptions both = parse_server_options("endpoint=ep-cool-1 -c search_path=a");
  EXPECT_THAT(both.settings, ElementsAre(Pair("search_path", "a")));
  EXPECT_TRUE(both.has_others);
}

TEST(ServerOptions, TheEncodingIsSlipwaysOwn) {
  const ServerOptions options = parse_server_options("-c client_encoding=latin1");
  EXPECT_THAT(options.settings, IsEmpty());
  EXPECT_FALSE(options.has_others);
}

TEST(ServerOptions, AreWrittenSoThatTheyAreReadBack) {
  for (const char* value : {"a", "\"$user\", public", R"(a\b)", "two\nlines"}) {
    EXPECT_THAT(parse_server_options(server_option("search_path", value)).settings,
                ElementsAre(Pair("search_path", value)));
  }
}

TEST(SearchPath, OfPlainNamesMeansThoseSchemas) {
  EXPECT_EQ(search_path_of("tenant1"), "tenant1");
  EXPECT_EQ(search_path_of("Tenant-1"), "\"Tenant-1\"");
  EXPECT_EQ(search_path_of("a, B"), "a,\"B\"");
  EXPECT_EQ(search_path_of("it\"s"), "\"it\"\"s\"");
}

}  // namespace
}  // namespace slipway
