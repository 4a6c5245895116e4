#include "database/host_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "database/connection.h"
#include "error/error.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(HostAddresses, OfANameAreNumeric) {
  StopSignals signals;
  EXPECT_THAT(host_addresses("localhost", 10s, signals), Contains("127.0.0.1"));
}

TEST(HostAddresses, AnAddressIsItsOwn) {
  StopSignals signals;
  EXPECT_THAT(host_addresses("127.0.0.1", 0ms, signals), ElementsAre("127.0.0.1"));
  EXPECT_THAT(host_addresses("::1", 0ms, signals), ElementsAre("::1"));
  EXPECT_THAT(host_addresses("fe80::1%lo", 0ms, signals), ElementsAre("fe80::1%lo"));
}

// A service's name is often not known before its container runs. No name in .invalid exists (RFC 6761).
TEST(HostAddresses, ANameThatIsNotKnownMayComeToBe) {
  StopSignals signals;
  try {
    host_addresses("db.invalid", 10s, signals);
    FAIL();
  } catch (const ConnectRefused& refused) {
    EXPECT_EQ(refused.failure.prospect, Prospect::not_yet);
    EXPECT_THAT(refused.failure.reason, HasSubstr("db.invalid"));
    EXPECT_FALSE(refused.failure.hint.empty());
  }
}

TEST(HostAddresses, PatienceEnds) {
  StopSignals signals;
  EXPECT_THROW(host_addresses("db.invalid", 0ms, signals), ConnectRefused);
}

TEST(HostAddresses, ASignalEndsTheLookup) {
  StopSignals signals;
  ::raise(SIGTERM);
  try {
    host_addresses("localhost", 10s, signals);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.exit_code()), 128 + SIGTERM);
  }
  // Taken, so that it is not delivered when the mask is restored.
  const sigset_t pending = [] {
    sigset_t set;
    ::sigpending(&set);
    return set;
  }();
  EXPECT_EQ(::sigismember(&pending, SIGTERM), 0);
}

}  // namespace
}  // namespace slipway
