#include "database/password_file.h"

#include <array>
#include <cstdlib>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slipway {
namespace {

// No file can have that name.
constexpr auto no_file = "/dev/null/no password file";

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// Where libpq looks for it: the same way round.
std::string home() {
  if (is_set("HOME")) return std::getenv("HOME");
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? std::string{} : std::string{found->pw_dir};
}

struct PasswordFile {
  std::string name;
  std::string flaw;  // empty: libpq reads it
};

PasswordFile password_file(const ConnectParameters& parameters) {
  if (!value_of(parameters, "password").empty() || is_set("PGPASSWORD")) return {};
  PasswordFile file{.name = std::string{value_of(parameters, "passfile")}, .flaw = {}};
  if (file.name.empty()) file.name = home() + "/.pgpass";
  struct stat status {};
  if (::stat(file.name.c_str(), &status) != 0) return file;
  if (!S_ISREG(status.st_mode))
    file.flaw = "it is not a plain file";
  else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    file.flaw = "its group or others have access to it; give it the mode 0600 or 0400";
  return file;
}

}  // namespace

void leave_out_unusable_password_file(ConnectParameters& parameters) {
  if (!password_file(parameters).flaw.empty()) set(parameters, "passfile", no_file);
}

std::string unusable_password_file(const DatabaseUrl& url) {
  const PasswordFile file = password_file(with_what_stands_elsewhere(url.parameters()));
  return file.flaw.empty() ? std::string{} : "the password file " + file.name + " is not read: " + file.flaw;
}

}  // namespace slipway
