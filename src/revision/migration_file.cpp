#include "revision/migration_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "base/utf8.h"
#include "revision/bad_migration.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

// PostgreSQL does not accept a message of 1 GiB (MaxAllocSize).
constexpr std::size_t largest_file = (std::size_t{1} << 30) - 1;

std::string error_text(int error) {
  return std::system_category().message(error);
}

Error unreadable(const fs::path& file, const char* what, int error) {
  return bad_file(file, what + error_text(error),
                  "make the file readable for the user that slipway runs as, or remove it");
}

// Reserves the size, so that a large file is in memory once and not several times while the string grows. The file may
// still grow, so this is only a hint.
std::size_t size_of(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && status.st_size > 0
             ? std::min(static_cast<std::size_t>(status.st_size), largest_file)
             : 0;
}

// Three system calls for a usual migration, because thousands of files are read at every start: a short read means the
// end of a regular file. O_NONBLOCK, in case the file was replaced by a pipe.
std::string content_of(const fs::path& file) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (descriptor.number() < 0) {
    const int error = errno;
    if (error == ENOENT || error == ELOOP)
      throw bad_file(file, "the symbolic link is dangling (" + error_text(error) + ")", "correct or remove the link");
    throw unreadable(file, "can't be opened: ", error);
  }
  std::string content;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = read(descriptor.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw unreadable(file, "can't be read: ", errno);
    if (content.size() == buffer.size()) content.reserve(size_of(descriptor.number()));
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > largest_file)
      throw bad_file(file, "is larger than PostgreSQL accepts in one message (1 GiB)", "split the migration");
    if (static_cast<std::size_t>(count) < buffer.size()) return content;
  }
}

// Bytes are counted as in the file, lines as in PostgreSQL.
std::string checked_text(const fs::path& file, std::string content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::size_t left_out = content.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  content.erase(0, left_out);
  const auto byte_name = [&](std::size_t offset) { return "byte " + std::to_string(left_out + offset + 1); };
  const auto line_of = [&](std::size_t offset) {
    return SourceLocation{.file = file, .line = 1 + count_line_ends(std::string_view{content}.substr(0, offset))};
  };
  if (const auto bad = first_not_utf8(content)) {
    const bool utf16 = content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF");
    throw bad_migration(line_of(*bad),
                        "not UTF-8: " + byte_name(*bad) + " of the file is " +
                            printable(std::string_view{content}.substr(*bad, 1)) +
                            (utf16 ? ", which begins a file in UTF-16" : ""),
                        "save the file as UTF-8");
  }
  if (const std::size_t nul = content.find('\0'); nul != std::string::npos)
    throw bad_migration(line_of(nul), byte_name(nul) + " is NUL, which PostgreSQL does not accept in text",
                        "save the file as UTF-8, without NUL");
  return content;
}

}  // namespace

MigrationFile read_migration_file(fs::path path) {
  std::string content = checked_text(path, content_of(path));
  return {.path = std::move(path), .content = std::move(content)};
}

Error bad_file(const std::filesystem::path& file, const std::string& what, std::string fix) {
  return Error{ExitCode::bad_migrations, file.string() + ": " + what, std::move(fix)};
}

std::string printable(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const bool utf8 = !first_not_utf8(name);
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      result += "\\x";
      result += digits[byte >> 4U];
      result += digits[byte & 0xFU];
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace slipway
