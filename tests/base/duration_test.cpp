#include "base/duration.h"

#include <random>

#include <gtest/gtest.h>

namespace slipway {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEveryForm) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5min"), 5min);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("1d12h"), 36h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1h2min3s4ms"), 1h + 2min + 3s + 4ms);
  EXPECT_EQ(parse_duration("60"), 60s);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("0ms"), 0s);
  EXPECT_EQ(parse_duration("0003s"), 3s);
  EXPECT_EQ(parse_duration("90min"), 90min);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"",   " ",   "s",    "-1",   "-1s",    "+1s",  "1 s", " 1s",  "1s ", "1.5s",  "1S",
                           "1w", "1s2", "2 1s", "1s1h", "1m1min", "1h1h", "1e3", "0x10", "ten", "1ms1s", "h1"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << '"' << text << '"';
}

TEST(Duration, RefusesWhatPostgresqlCantHold) {
  EXPECT_EQ(parse_duration("2147483647ms"), longest_duration);
  EXPECT_EQ(parse_duration("2147483648ms"), std::nullopt);
  EXPECT_EQ(parse_duration("596h"), 596h);
  EXPECT_EQ(parse_duration("597h"), std::nullopt);
  EXPECT_EQ(parse_duration("596h59m"), std::nullopt);
  EXPECT_EQ(parse_duration("9223372036854775807h"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999999s"), std::nullopt);
}

TEST(Duration, RefusesWhatIsLongerThanItMayBe) {
  EXPECT_EQ(parse_duration("366d", 366 * 24h), 366 * 24h);
  EXPECT_EQ(parse_duration("366d1ms", 366 * 24h), std::nullopt);
  EXPECT_EQ(parse_duration("2s", 1s), std::nullopt);
}

TEST(Duration, ReadsBackWhatItWrites) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  std::uniform_int_distribution<std::int64_t> any{0, longest_duration.count()};
  for (int i = 0; i < 1000; ++i) {
    const std::chrono::milliseconds duration{any(random) >> (i % 32)};
    EXPECT_EQ(parse_duration(to_string(duration)), duration) << to_string(duration);
  }
}

TEST(Duration, WritesTheGreatestUnitsFirst) {
  EXPECT_EQ(to_string(0ms), "0");
  EXPECT_EQ(to_string(5min), "5min");
  EXPECT_EQ(to_string(90min + 250ms), "1h30min250ms");
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(to_text(0ms), "0 ms");
  EXPECT_EQ(to_text(9999ms), "9999 ms");
  EXPECT_EQ(to_text(10s), "10 s");
  EXPECT_EQ(to_text(31'999ms), "31 s");
  EXPECT_EQ(in_seconds(0ms), "0.0 s");
  EXPECT_EQ(in_seconds(5399ms), "5.3 s");
}

TEST(Duration, IsWrittenForPostgreSQL) {
  EXPECT_EQ(in_milliseconds(0ms), "0");
  EXPECT_EQ(in_milliseconds(1h), "3600000");
}

}  // namespace
}  // namespace slipway
