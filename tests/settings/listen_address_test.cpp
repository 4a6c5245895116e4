#include "settings/listen_address.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(ListenAddress, IsAPortOfEveryAddressOrOfOne) {
  EXPECT_EQ(parse_listen_address(":8000"), (ListenAddress{.host = "", .port = 8000}));
  EXPECT_EQ(parse_listen_address("127.0.0.1:80"), (ListenAddress{.host = "127.0.0.1", .port = 80}));
  EXPECT_EQ(parse_listen_address("0.0.0.0:65535"), (ListenAddress{.host = "0.0.0.0", .port = 65535}));
  EXPECT_EQ(parse_listen_address("[::1]:1"), (ListenAddress{.host = "::1", .port = 1}));
  EXPECT_EQ(parse_listen_address("[::]:8000"), (ListenAddress{.host = "::", .port = 8000}));
}

TEST(ListenAddress, NothingElseIsOne) {
  for (const char* text : {"", ":", "8000", ":0", ":65536", ":-1", ":+1", ": 80", ":80 ", ":8000x", "localhost:80",
                           "::1:80", "[]:80", "[127.0.0.1]:80", "127.0.0.1.1:80", "[::1]", "[::1]80", "http://:80"})
    EXPECT_EQ(parse_listen_address(text), std::nullopt) << text;
}

TEST(ListenAddress, IsReadBackAsWritten) {
  for (const char* text : {":8000", "127.0.0.1:8000", "[::1]:8000"})
    EXPECT_EQ(to_string(parse_listen_address(text).value()), text);
}

}  // namespace
}  // namespace slipway
