#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/descriptor.h"

// Writes files in a folder that other users may also write to.
//
// The folder is opened once and kept open. Names are looked up in it, even if its path changes, and symbolic links are
// never followed. So another user can't redirect root by planting a link under a name that root is about to write, or
// by replacing the folder with a link. Owner and mode are set on the descriptor.
//
// Everything that slipway writes is written here, with two exceptions that explain why: the termination log, and what
// the keeper of a scratch server writes between fork and exec.

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
  // An empty path is the working directory. All members throw std::system_error.
  explicit OpenFolder(const std::filesystem::path& path);

  FileOwner owner() const;

  // The whole of a regular file. Fails with EINVAL for anything else, and with ELOOP for a link.
  FileContent read(const std::string& name) const;

  struct Attributes {
    mode_t mode = 0666;
    // Only root changes the owner. If it may not, as in a user namespace, it stays the owner.
    std::optional<FileOwner> owner{};
  };

  // Creates a file with the mode of `attributes`, reduced by the umask. Fails with EEXIST if anything has that name,
  // even a dangling link. The file is on the disk afterwards.
  void create(const std::string& name, std::string_view text, const Attributes& attributes) const;

  // Writes a file under an unpredictable name, with exactly that mode, and renames it. A reader of `name` gets the old
  // file or the new one, never a part. If `name` is a link, the link is replaced. The file is on the disk afterwards.
  void replace(const std::string& name, std::string_view text, const Attributes& attributes) const;

 private:
  void sync() const noexcept;

  Descriptor folder_;
};

}  // namespace slipway
