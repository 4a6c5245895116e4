#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/descriptor.h"

// Writing files in a folder that somebody else may write to as well.
//
// The folder is opened once and held. Names are looked up in it, whatever becomes of its path meanwhile, and a link in
// the place of a file is never followed. So whoever plants a link under a name that root is about to write, or moves
// the folder away and puts a link there, leads root nowhere else. Owner and mode are set on the descriptor.
//
// Everything that slipway writes is written here, with two exceptions that say why: the termination log, and what the
// keeper of a scratch server writes between fork and exec.

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
    // Only root gives files away. Without the right to, as in a user namespace, it keeps the file.
    std::optional<FileOwner> owner{};
  };

  // Makes a file, with the mode that the umask leaves of `attributes`. Fails with EEXIST if there is anything of that
  // name, a link that leads nowhere included. The file is on the disk afterwards.
  void create(const std::string& name, std::string_view text, const Attributes& attributes) const;

  // Writes a file under a name that nobody can guess, with exactly that mode, and renames it. Whoever opens `name`
  // meets the old file or the new one, never a part. A link of that name is itself replaced. The file is on the disk
  // afterwards.
  void replace(const std::string& name, std::string_view text, const Attributes& attributes) const;

 private:
  void sync() const noexcept;

  Descriptor folder_;
};

}  // namespace slipway
