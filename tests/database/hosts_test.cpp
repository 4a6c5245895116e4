#include "database/hosts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Hosts, OneIsLeftAsItIs) {
  EXPECT_THAT(each_host({{"host", "a"}, {"port", "1"}}),
              ElementsAre(ElementsAre(Pair("host", "a"), Pair("port", "1"))));
  EXPECT_THAT(each_host({{"dbname", "d"}}), ElementsAre(ElementsAre(Pair("dbname", "d"))));
}

TEST(Hosts, SeveralAreTakenApartWithTheirPorts) {
  EXPECT_THAT(each_host({{"host", "a,b"}, {"port", "1,2"}, {"dbname", "d"}}),
              ElementsAre(ElementsAre(Pair("host", "a"), Pair("port", "1"), Pair("dbname", "d")),
                          ElementsAre(Pair("host", "b"), Pair("port", "2"), Pair("dbname", "d"))));
}

TEST(Hosts, OnePortIsForAll) {
  EXPECT_THAT(each_host({{"host", "a,b"}, {"port", "1"}}),
              ElementsAre(ElementsAre(Pair("host", "a"), Pair("port", "1")),
                          ElementsAre(Pair("host", "b"), Pair("port", "1"))));
}

TEST(Hosts, AddressesGoWithTheirHosts) {
  EXPECT_THAT(each_host({{"host", "a,b"}, {"hostaddr", "10.0.0.1,10.0.0.2"}}),
              ElementsAre(ElementsAre(Pair("host", "a"), Pair("hostaddr", "10.0.0.1")),
                          ElementsAre(Pair("host", "b"), Pair("hostaddr", "10.0.0.2"))));
}

TEST(Hosts, ListsThatDoNotMatchAreForLibpqToRefuse) {
  const ConnectParameters parameters{{"host", "a,b,c"}, {"port", "1,2"}};
  EXPECT_THAT(each_host(parameters), ElementsAre(parameters));
}

TEST(Hosts, NamesAreLookedUpAndFoldersAreNot) {
  EXPECT_EQ(name_to_look_up({{"host", "db"}}), "db");
  EXPECT_EQ(name_to_look_up({{"host", "/run/postgresql"}}), "");
  EXPECT_EQ(name_to_look_up({{"host", "@abstract"}}), "");
  EXPECT_EQ(name_to_look_up({{"host", "db"}, {"hostaddr", "10.0.0.1"}}), "");
  EXPECT_EQ(name_to_look_up({{"dbname", "d"}}), "");
}

// The name stays beside each address: sslmode=verify-full and password files go by it (libpq: "hostaddr").
TEST(Hosts, AddressesStandBesideTheNameTheyBelongTo) {
  EXPECT_THAT(each_address({{"host", "db"}, {"port", "1"}}, {"10.0.0.1", "fd00::1"}),
              ElementsAre(ElementsAre(Pair("host", "db"), Pair("port", "1"), Pair("hostaddr", "10.0.0.1")),
                          ElementsAre(Pair("host", "db"), Pair("port", "1"), Pair("hostaddr", "fd00::1"))));
}

TEST(Hosts, AreNamedForPeople) {
  EXPECT_EQ(host_name({{"host", "db"}, {"port", "5433"}}), "db:5433");
  EXPECT_EQ(host_name({{"host", "/run/postgresql"}, {"port", "5433"}}), "/run/postgresql");
  EXPECT_EQ(host_name({{"hostaddr", "10.0.0.1"}}), "10.0.0.1");
  EXPECT_EQ(host_name({{"host", "db"}, {"hostaddr", "10.0.0.1"}, {"port", "5433"}}), "db (10.0.0.1):5433");
  EXPECT_EQ(host_name({{"host", "::1"}, {"hostaddr", "::1"}, {"port", "5433"}}), "[::1]:5433");
  EXPECT_EQ(host_name({}), "the server");
}

}  // namespace
}  // namespace slipway
