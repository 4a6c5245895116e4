#include "process/user.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/nearest.h"
#include "error/error.h"

namespace slipway {
namespace {

struct CloseFile {
  void operator()(FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

// A user or group id; 4294967295 is (uid_t)-1, which means "leave it" to the kernel.
std::optional<id_t> id_number(std::string_view text) {
  id_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number == static_cast<id_t>(-1)) return std::nullopt;
  return number;
}

struct Account {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::string home;
};

// The first account that has the name, or else that has the number.
std::optional<Account> account(std::string_view wanted, const UserFiles& files, std::vector<std::string>& names) {
  const File file{std::fopen(files.passwd.c_str(), "re")};
  const auto number = id_number(wanted);
  std::optional<Account> by_number;
  while (const passwd* entry = file ? ::fgetpwent(file.get()) : nullptr) {
    const Account found{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir};
    if (found.name == wanted) return found;
    if (number == found.uid && !by_number) by_number = found;
    names.push_back(found.name);
  }
  return by_number;
}

gid_t group_id(std::string_view wanted, const UserFiles& files) {
  const File file{std::fopen(files.group.c_str(), "re")};
  std::vector<std::string> names;
  while (const group* entry = file ? ::fgetgrent(file.get()) : nullptr) {
    if (wanted == entry->gr_name) return entry->gr_gid;
    names.emplace_back(entry->gr_name);
  }
  if (const auto number = id_number(wanted)) return *number;
  throw Error{ExitCode::usage, "there is no group '" + std::string{wanted} + "' in " + files.group.string(),
              did_you_mean(wanted, names)};
}

std::vector<gid_t> groups_of(const std::string& name, gid_t own, const UserFiles& files) {
  std::vector<gid_t> groups{own};
  const File file{std::fopen(files.group.c_str(), "re")};
  while (const group* entry = file ? ::fgetgrent(file.get()) : nullptr)
    for (char** member = entry->gr_mem; *member != nullptr; ++member)
      if (name == *member && std::ranges::find(groups, entry->gr_gid) == groups.end()) groups.push_back(entry->gr_gid);
  return groups;
}

bool is_already(const User& user) noexcept {
  std::array<uid_t, 3> uids{};
  std::array<gid_t, 3> gids{};
  auto& [real_uid, effective_uid, saved_uid] = uids;
  ::getresuid(&real_uid, &effective_uid, &saved_uid);
  auto& [real_gid, effective_gid, saved_gid] = gids;
  ::getresgid(&real_gid, &effective_gid, &saved_gid);
  return std::ranges::count(uids, user.uid) == 3 && std::ranges::count(gids, user.gid) == 3;
}

// Whether this process is in groups that the user is not in. Async-signal-safe.
bool has_other_groups(const User& user) noexcept {
  std::array<gid_t, 256> groups{};
  const int count = ::getgroups(groups.size(), groups.data());
  return count < 0 || !std::ranges::all_of(groups.begin(), groups.begin() + count, [&user](gid_t group) {
           return group == user.gid || std::ranges::find(user.groups, group) != user.groups.end();
         });
}

// The change of user has dropped them, except where securebits say otherwise, or where a user other than root had
// them (capabilities(7), "Effect of user ID changes on capabilities"). Async-signal-safe.
bool drop_capabilities() noexcept {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> none{};
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return ::syscall(SYS_capset, &header, none.data()) == 0;
}

}  // namespace

User find_user(std::string_view text, const UserFiles& files) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::vector<std::string> names;
  const auto found = account(name, files, names);
  const auto number = id_number(name);
  if (!found && !number)
    throw Error{ExitCode::usage, "there is no user '" + std::string{name} + "' in " + files.passwd.string(),
                did_you_mean(name, names)};
  User user{.uid = found ? found->uid : *number,
            .gid = found ? found->gid : ::getegid(),
            .groups = {},
            .home = found && !found->home.empty() ? found->home : "/"};
  if (colon != std::string_view::npos) {
    user.gid = group_id(text.substr(colon + 1), files);
    user.groups = {user.gid};
  } else {
    user.groups = found ? groups_of(found->name, user.gid, files) : std::vector<gid_t>{user.gid};
  }
  return user;
}

StepFailure become(const User& user) noexcept {
  if (::setgroups(user.groups.size(), user.groups.data()) != 0) {
    if (errno != EPERM || !is_already(user)) return {"setgroups", errno};
    if (has_other_groups(user)) return {"leaving the groups that the user is not in (setgroups)", EPERM};
  }
  if (::setresgid(user.gid, user.gid, user.gid) != 0) return {"setresgid", errno};
  if (::setresuid(user.uid, user.uid, user.uid) != 0) return {"setresuid", errno};
  if (user.uid == 0) return {};
  if (!drop_capabilities()) return {"capset", errno};
  if (!is_already(user) || ::setresuid(0, 0, 0) == 0) return {"giving up root permanently", EPERM};
  return {};
}

}  // namespace slipway
