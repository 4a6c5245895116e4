#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/descriptor.h"

// Writes files in a folder that other users may write to as well.
//
// The folder is opened once and kept open. Names are looked up in it, even if its path changes in the meantime, and a
// symbolic link in the place of a file is never followed. An attacker who plants a link under a name that root is about
// to write, or who moves the folder away and puts a link in its place, therefore can't redirect root's writes. Owner
// and mode are set through the descriptor.
//
// slipway writes all of its files with this class, with two exceptions that say why: the termination log, and the files
// that the keeper of a scratch server writes between fork and exec.

namespace slipway {

struct FileOwner {
  uid_t uid;
  gid_t gid;
};

struct FileContent {
  std::string text;
  FileOwner owner;
  mode_t mode;  // permission bits
};

class OpenFolder {
 public:
  // An empty path means the working directory. All members throw std::system_error.
  explicit OpenFolder(const std::filesystem::path& path);

  FileOwner owner() const;

  // Reads a whole regular file. Fails with EINVAL for any other type of file, and with ELOOP for a symbolic link.
  FileContent read(const std::string& name) const;

  struct Attributes {
    mode_t mode = 0666;
    // Only root can change the owner. If root lacks the privilege, as in a user namespace, root stays the owner.
    std::optional<FileOwner> owner{};
  };

  // Creates a file with the mode of `attributes`, less the bits in the umask. Fails with EEXIST if the name exists,
  // even as a dangling symbolic link. The file is on disk when the function returns.
  void create(const std::string& name, std::string_view text, const Attributes& attributes) const;

  // Writes a file under an unguessable name, with exactly that mode, and renames it. A reader of `name` sees the old
  // file or the new one, never a part. A symbolic link of that name is itself replaced. The file is on disk when the
  // function returns.
  void replace(const std::string& name, std::string_view text, const Attributes& attributes) const;

 private:
  void sync() const noexcept;

  Descriptor folder_;
};

}  // namespace slipway
