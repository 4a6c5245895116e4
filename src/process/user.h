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
  std::vector<gid_t> groups;  // the supplementary ones, gid included
  std::string home;
};

// The files that replace NSS, which a static program does not have.
struct UserFiles {
  std::filesystem::path passwd = "/etc/passwd";
  std::filesystem::path group = "/etc/group";
};

// What "NAME|UID[:GROUP|GID]" means. Without a group it is the user's own with its supplementary groups; with one, that
// one alone (as gosu and Docker's USER have it). A UID that has no entry keeps the group of this process, with / as its
// home. Throws Error (usage) for a name that the files don't have; `text` is UTF-8 or anything else.
User find_user(std::string_view text, const UserFiles& files = {});

// The step of starting an application that failed, and its errno. No step: none failed.
struct StepFailure {
  const char* step = nullptr;
  int errno_value = 0;
};

// Becomes the user for good: groups, group, user, then proof that neither the former user nor any capability can be
// had again; root keeps its capabilities. A process that is that user already needs no privilege for it, where it is in
// no other groups. Async-signal-safe.
StepFailure become(const User& user) noexcept;

}  // namespace slipway
