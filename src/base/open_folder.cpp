#include "base/open_folder.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"

namespace slipway {
namespace {

constexpr int never_followed = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;

std::system_error failed(const char* what, int reason = errno) {
  return {reason, std::generic_category(), what};
}

// A folder that may be written to but not listed can only be opened with O_PATH.
Descriptor open_folder(const std::filesystem::path& path) {
  const char* const name = path.empty() ? "." : path.c_str();
  Descriptor folder{::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder && errno == EACCES) folder.reset(::open(name, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) throw failed("opening the folder");
  return folder;
}

struct stat status_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw failed("fstat");
  return status;
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(file, text.data(), text.size());
    if (size < 0 && errno != EINTR) throw failed("writing");
    text.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
  }
}

// File systems without fsync return EINVAL (fsync(2)) or ENOSYS.
void sync_file(int file) {
  if (::fsync(file) != 0 && errno != EINVAL && errno != ENOSYS) throw failed("fsync");
}

void give_to(int file, const std::optional<FileOwner>& owner) {
  if (!owner || ::geteuid() != 0) return;
  [[maybe_unused]] const int given = ::fchown(file, owner->uid, owner->gid);
}

// Hidden, so that it is not a migration, and without the suffix by which other programs select files.
std::string unguessable_name(const std::string& name) {
  const std::string end = "." + random_hex(16);
  return "." + name.substr(0, NAME_MAX - 1 - end.size()) + end;
}

}  // namespace

OpenFolder::OpenFolder(const std::filesystem::path& path) : folder_{open_folder(path)} {}

FileOwner OpenFolder::owner() const {
  const struct stat status = status_of(folder_.number());
  return {status.st_uid, status.st_gid};
}

FileContent OpenFolder::read(const std::string& name) const {
  // O_NONBLOCK, in case it is a pipe.
  const Descriptor file{::openat(folder_.number(), name.c_str(), O_RDONLY | O_NONBLOCK | never_followed)};
  if (!file) throw failed("opening");
  const struct stat status = status_of(file.number());
  if (!S_ISREG(status.st_mode)) throw failed("not a regular file", EINVAL);
  FileContent content{.text = {}, .owner = {status.st_uid, status.st_gid}, .mode = status.st_mode & 0777U};
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t size = ::read(file.number(), buffer.data(), buffer.size());
    if (size == 0) return content;
    if (size < 0 && errno != EINTR) throw failed("reading");
    if (size > 0) content.text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

void OpenFolder::create(const std::string& name, std::string_view text, const Attributes& attributes) const {
  const Descriptor file{
      ::openat(folder_.number(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | never_followed, attributes.mode)};
  if (!file) throw failed("creating the file");
  try {
    write_all(file.number(), text);
    give_to(file.number(), attributes.owner);
    sync_file(file.number());
  } catch (const std::system_error&) {
    ::unlinkat(folder_.number(), name.c_str(), 0);
    throw;
  }
  sync();
}

void OpenFolder::replace(const std::string& name, std::string_view text, const Attributes& attributes) const {
  const std::string beside = unguessable_name(name);
  const Descriptor file{
      ::openat(folder_.number(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | never_followed, S_IRUSR | S_IWUSR)};
  if (!file) throw failed("creating the file");
  try {
    write_all(file.number(), text);
    give_to(file.number(), attributes.owner);
    if (::fchmod(file.number(), attributes.mode) != 0) throw failed("fchmod");
    sync_file(file.number());
    if (::renameat(folder_.number(), beside.c_str(), folder_.number(), name.c_str()) != 0) throw failed("renaming");
  } catch (const std::system_error&) {
    ::unlinkat(folder_.number(), beside.c_str(), 0);
    throw;
  }
  sync();
}

// The new name exists, but may not be on the disk yet. If the folder can't be synced, nothing more can be done.
void OpenFolder::sync() const noexcept {
  ::fsync(folder_.number());
}

}  // namespace slipway
