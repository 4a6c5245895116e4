#include "integration/role.h"

#include <unistd.h>

namespace slipway::fixture {
namespace {

constexpr auto password = "a-role-of-a-test";

std::string unused_name() {
  static int made = 0;
  return "role_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
}

}  // namespace

Role::Role(const Database& database, const std::string& attributes) : database_{database}, name_{unused_name()} {
  database_.execute("CREATE ROLE " + name_ + " " + attributes + " PASSWORD '" + password + "'");
}

Role::~Role() {
  database_.execute("DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
}

std::string Role::url() const {
  return database_.server().url(database_.name(), name_, password);
}

}  // namespace slipway::fixture
