#pragma once

#include <string>

#include "fixture/postgres.h"

namespace slipway::fixture {

// A role of one test's own, which may log in. Dropped at its end, with all that it owns in the test's database.
class Role {
 public:
  // `attributes` as CREATE ROLE takes them. The database outlives it.
  explicit Role(const Database& database, const std::string& attributes = "LOGIN");
  ~Role();
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;

  const std::string& name() const noexcept { return name_; }
  std::string url() const;  // of the test's database, as this role

 private:
  const Database& database_;
  std::string name_;
};

}  // namespace slipway::fixture
