#include "process/environment.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(Environment, holds_what_the_process_was_started_with) {
  ::setenv("SLIPWAY_TEST_VARIABLE", "a=b", 1);
  EXPECT_THAT(Environment::current().get("SLIPWAY_TEST_VARIABLE"), Optional(std::string_view{"a=b"}));
}

TEST(Environment, is_a_copy_that_changes_nothing_outside) {
  Environment environment = Environment::current();
  environment.set("SLIPWAY_TEST_COPY", "1");
  EXPECT_EQ(std::getenv("SLIPWAY_TEST_COPY"), nullptr);
}

TEST(Environment, tells_an_empty_variable_from_none) {
  const Environment environment{{"EMPTY="}};
  EXPECT_THAT(environment.get("EMPTY"), Optional(std::string_view{}));
  EXPECT_EQ(environment.get("EMPT"), std::nullopt);
  EXPECT_EQ(environment.get("EMPTYY"), std::nullopt);
  EXPECT_EQ(environment.get(""), std::nullopt);
}

TEST(Environment, the_first_of_two_counts_and_set_leaves_one) {
  Environment environment{{"A=1", "B=2", "A=3"}};
  EXPECT_THAT(environment.get("A"), Optional(std::string_view{"1"}));
  EXPECT_THAT(environment.names(), ElementsAre("A", "B"));
  environment.set("A", "4");
  EXPECT_THAT(environment.strings(), ElementsAre("A=4", "B=2"));
}

TEST(Environment, removes_every_variable_of_a_name) {
  Environment environment{{"A=1", "B=2", "A=3"}};
  environment.remove("A");
  environment.remove("C");
  EXPECT_THAT(environment.strings(), ElementsAre("B=2"));
}

TEST(Environment, adds_at_the_end) {
  Environment environment{{"A=1"}};
  environment.set("B", "");
  EXPECT_THAT(environment.strings(), ElementsAre("A=1", "B="));
}

TEST(Environment, keeps_strings_that_are_no_variables) {
  Environment environment{{"no variable", "=x", "A=1"}};
  environment.remove("");
  environment.set("A", "2");
  EXPECT_THAT(environment.strings(), ElementsAre("no variable", "=x", "A=2"));
  EXPECT_THAT(environment.names(), ElementsAre("A"));
}

}  // namespace
}  // namespace slipway
