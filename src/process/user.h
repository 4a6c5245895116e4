#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

// The user that the application runs as if it is not the container's user. It is looked up before the fork and set
// after it, as gosu and setpriv do.

namespace slipway {

struct User {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;  // the supplementary groups, including gid
  std::string home;
};

// The files that replace NSS, which a static program does not have.
struct UserFiles {
  std::filesystem::path passwd = "/etc/passwd";
  std::filesystem::path group = "/etc/group";
};

// Looks up "NAME|UID[:GROUP|GID]". Without a group, the user gets its primary and supplementary groups; with a group,
// only that one (as in gosu and Docker's USER). A UID without an entry keeps the group of this process, and its home is
// /. Throws Error (usage) if a name is not in the files. `text` need not be UTF-8.
User find_user(std::string_view text, const UserFiles& files = {});

// The step of starting an application that failed, and its errno. No step: none failed.
struct StepFailure {
  const char* step = nullptr;
  int errno_value = 0;
};

// Changes to the user permanently: supplementary groups, group, user, and then a check that neither the previous user
// nor any capability can be regained. Root keeps its capabilities. If the process already runs as that user and is in
// no other groups, it needs no privilege. Async-signal-safe.
StepFailure become(const User& user) noexcept;

}  // namespace slipway
