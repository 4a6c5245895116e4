#include "process/signal_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "error/error.h"

namespace slipway {
namespace {

using testing::HasSubstr;

std::string hint_on(std::string_view signal) {
  try {
    signal_number(signal);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
    return error.message() + "|" + error.hint();
  }
  return "no error";
}

TEST(SignalName, is_read_with_and_without_its_prefix_in_either_case) {
  for (const char* text : {"TERM", "SIGTERM", "term", "sigterm", "15"})
    EXPECT_EQ(signal_number(text), SIGTERM) << text;
  EXPECT_EQ(signal_number("POLL"), SIGIO);
  EXPECT_EQ(signal_number("CLD"), SIGCHLD);
}

TEST(SignalName, real_time_signals_count_from_either_end) {
  EXPECT_EQ(signal_number("RTMIN"), SIGRTMIN);
  EXPECT_EQ(signal_number("SIGRTMIN+3"), SIGRTMIN + 3);
  EXPECT_EQ(signal_number("RTMAX-1"), SIGRTMAX - 1);
  EXPECT_THAT(hint_on("RTMAX+1"), HasSubstr("is not a signal"));
  EXPECT_THAT(hint_on("RTMIN+"), HasSubstr("is not a signal"));
}

TEST(SignalName, unknown_ones_are_answered_with_those_meant) {
  EXPECT_THAT(hint_on("SIGTREM"), HasSubstr("did you mean TERM"));
  for (const char* text : {"", "0", "65", "-1", "15x", "SIG", "9999999999"})
    EXPECT_THAT(hint_on(text), HasSubstr("is not a signal")) << text;
}

TEST(SignalName, every_name_is_read_back) {
  for (int signal = 1; signal <= 64; ++signal) {
    if (signal == 32 || signal == 33) continue;  // have no name: the C library keeps them
    EXPECT_EQ(signal_number(signal_name(signal)), signal);
  }
  EXPECT_EQ(signal_name(33), "signal 33");
}

}  // namespace
}  // namespace slipway
