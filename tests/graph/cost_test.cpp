#include <stdexcept>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "fixture/program.h"

// What linking and planning cost, counted in instructions by valgrind's callgrind: the benchmark's short form, which is
// the same on every machine with this compiler.

namespace slipway::fixture {
namespace {

// Of linking and planning a random folder, in thousands.
double kilo_instructions(int revisions) {
  const Finished counted =
      run("/usr/bin/valgrind", {"--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
                                "--toggle-collect=graph_work", GRAPH_WORK, std::to_string(revisions)});
  EXPECT_EQ(counted.exit_code, 0) << counted.err;
  constexpr std::string_view word = "Collected : ";
  const auto at = counted.err.find(word);
  if (at == std::string::npos) throw std::runtime_error{"callgrind has counted nothing: " + counted.err};
  return std::stod(counted.err.substr(at + word.size())) / 1000;
}

TEST(Cost, OfAGraphGrowsWithItsRevisions) {
  const double of_a_thousand = kilo_instructions(1'000);
  const double of_two_thousand = kilo_instructions(2'000);
  EXPECT_LE(of_two_thousand / of_a_thousand, 2.2);
  // Of the build that CI tests. A compiler that is another, or told otherwise, makes other instructions of it.
  if (std::string_view{BUILD} == "GNU 12 Debug") {
    EXPECT_LE(of_a_thousand, 27'300);
  }
}

}  // namespace
}  // namespace slipway::fixture
