#pragma once

#include <gtest/gtest.h>

#include "error/error.h"

namespace slipway {

// The Error that `action` throws; fails the test where it throws none.
template <typename Action>
Error caught(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return {ExitCode::internal, ""};
}

}  // namespace slipway
