#pragma once

#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "error/error.h"

// What a wrong migration is answered with: the whole of the Error, so that a test can look at each part.

namespace slipway {

struct Refusal {
  std::string message;
  std::string hint;
};

// Runs what must throw an Error with exit code 65; a test failure and an empty refusal if it does not.
inline Refusal refusal_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::bad_migrations) << error.message();
    EXPECT_FALSE(error.hint().empty()) << "says nothing about what to do: " << error.message();
    return {.message = error.message(), .hint = error.hint()};
  }
  ADD_FAILURE() << "was not refused";
  return {};
}

}  // namespace slipway
