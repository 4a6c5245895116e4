#include "database/password_file.h"

#include <array>
#include <utility>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database/connect_parameters.h"
#include "process/environment.h"

namespace slipway {
namespace {

// No file can have that name.
constexpr auto no_file = "/dev/null/no password file";

// The home folder, looked up in the same order as libpq does.
std::string home() {
  if (std::string folder = environment_variable("HOME"); !folder.empty()) return folder;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? std::string{} : std::string{found->pw_dir};
}

// Why libpq would not read it; empty if it would, or if there is no such file.
std::string flaw(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) return "it is not a regular file";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return "its group or others have access to it; give it the mode 0600 or 0400";
  return {};
}

}  // namespace

WithPasswordFile with_password_file(const DatabaseUrl& url) {
  if (url.parameter("password") || !environment_variable("PGPASSWORD").empty()) return {url, {}};
  std::string file{value_of(with_what_stands_elsewhere(url.parameters()), "passfile")};
  if (file.empty()) {
    const std::string folder = home();
    if (folder.empty()) return {url, {}};
    file = folder + "/.pgpass";
  }
  const std::string why = flaw(file);
  ConnectParameters parameters = url.parameters();
  set(parameters, "passfile", why.empty() ? file : no_file);
  return {DatabaseUrl::of(std::move(parameters)),
          why.empty() ? std::string{} : "the password file " + file + " is not read: " + why};
}

}  // namespace slipway
