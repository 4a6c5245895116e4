#include "revision/folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error/error.h"
#include "log/log.h"
#include "revision/bad_migration.h"
#include "revision/chain.h"
#include "revision/native_format.h"
#include "revision/text.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

// Every layout that is known; a folder is read by the first.
constexpr std::array layouts{Layout{.name = "native", .read = &read_native_files}};

// PostgreSQL takes no message of 1 GiB (MaxAllocSize).
constexpr std::size_t largest_file = (std::size_t{1} << 30) - 1;

std::string error_text(int error) {
  return std::system_category().message(error);
}

Error bad_file(const fs::path& file, const std::string& what, std::string fix) {
  return Error{ExitCode::bad_migrations, file.string() + ": " + what, std::move(fix)};
}

// A name for an error, with what a terminal or a JSON reader could not take written as \xNN.
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

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_{descriptor} {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

// O_NONBLOCK and the check of the type: opening a pipe must neither wait for its writer nor read from it.
std::string content_of(const fs::path& file) {
  const std::string readable = "make the file readable for the user that slipway runs as, or remove it";
  const Descriptor descriptor{open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (descriptor.get() < 0) {
    const int error = errno;
    if (error == ENOENT || error == ELOOP)
      throw bad_file(file, "the symbolic link leads nowhere (" + error_text(error) + ")", "mend or remove the link");
    throw bad_file(file, "can't be opened: " + error_text(error), readable);
  }
  struct stat status {};
  if (fstat(descriptor.get(), &status) != 0) throw bad_file(file, "can't be read: " + error_text(errno), readable);
  if (!S_ISREG(status.st_mode))
    throw bad_file(file, "is not a regular file but a pipe, a socket or a device",
                   "remove it, or give it another name");
  if (static_cast<std::size_t>(status.st_size) > largest_file)
    throw bad_file(file, "is larger than PostgreSQL takes in one message (1 GiB)", "split the migration");
  // One byte more than its size, so that the end of the file is seen without another buffer.
  std::string content(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t length = 0;
  for (;;) {
    if (length == content.size()) content.resize(content.size() * 2);
    const ssize_t count = read(descriptor.get(), content.data() + length, content.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw bad_file(file, "can't be read: " + error_text(errno), readable);
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
    if (length > largest_file)
      throw bad_file(file, "is larger than PostgreSQL takes in one message (1 GiB)", "split the migration");
  }
  content.resize(length);
  return content;
}

std::string checked_text(const fs::path& file, std::string content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (content.starts_with(byte_order_mark)) content.erase(0, byte_order_mark.size());
  const auto line_of = [&](std::size_t offset) {
    return SourceLocation{.file = file, .line = 1 + count_line_ends(std::string_view{content}.substr(0, offset))};
  };
  if (const auto bad = first_not_utf8(content)) {
    const bool utf16 = content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF");
    throw bad_migration(line_of(*bad),
                        "not UTF-8: byte " + std::to_string(*bad + 1) + " of the file is " +
                            printable(std::string_view{content}.substr(*bad, 1)) +
                            (utf16 ? ", which begins a file in UTF-16" : ""),
                        "save the file as UTF-8");
  }
  if (const std::size_t nul = content.find('\0'); nul != std::string::npos)
    throw bad_migration(line_of(nul), "byte " + std::to_string(nul + 1) + " is NUL, which PostgreSQL takes in no text",
                        "save the file as UTF-8, without NUL");
  return content;
}

bool has_sql_extension(const fs::path& name) {
  return equal_ignoring_case(name.extension().native(), ".sql");
}

// Why a name in a folder is no migration, if it is none.
const char* reason_to_skip(const fs::directory_entry& entry) {
  const fs::path name = entry.path().filename();
  if (name.native().starts_with('.')) return "it is hidden";
  if (!has_sql_extension(name)) return "its name does not end in .sql";
  std::error_code ignored;  // a link that leads nowhere is told about when it is opened
  if (entry.is_directory(ignored)) return "it is a folder";
  return nullptr;
}

void check_name(const fs::path& folder, const fs::path& name) {
  const std::string shown = printable(name.native());
  if (first_not_utf8(name.native()) || (shown != name.native()))
    throw bad_file(folder / shown, "the file's name is not UTF-8 or holds a control character",
                   "rename the file; nothing that prints its name could do so");
}

std::vector<fs::path> migrations_in(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found)
    throw bad_file(folder, "there is no such migrations folder",
                   "create it, or name another with --migrations or SLIPWAY_MIGRATIONS");
  if (status.type() != fs::file_type::directory && !error)
    throw bad_file(folder, "is not a folder", "name the folder that holds the migrations");

  std::vector<fs::path> files;
  std::size_t skipped = 0;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    if (const char* reason = reason_to_skip(*entry)) {
      ++skipped;
      if (log::enabled(log::Level::debug))
        log::debug("file_skipped", "not a migration: " + printable(entry->path().native()) + ", for " + reason);
    } else {
      check_name(folder, entry->path().filename());
      files.push_back(entry->path());
    }
  }
  if (error)
    throw bad_file(folder, "the migrations folder can't be read: " + error.message(),
                   "make it readable for the user that slipway runs as");
  if (files.empty())
    log::warning("no_migrations", "there are no migrations (*.sql) in " + folder.string() +
                                      (skipped == 0 ? "" : ", only " + std::to_string(skipped) + " other names"));
  std::ranges::sort(files, {}, &fs::path::native);
  return files;
}

std::vector<Revision> revisions_in(const fs::path& folder) {
  std::vector<MigrationFile> files;
  for (fs::path& file : migrations_in(folder)) {
    std::string content = checked_text(file, content_of(file));
    files.push_back({.path = std::move(file), .content = std::move(content)});
  }
  return layouts.front().read(std::move(files));
}

void check_unique(const std::vector<Revision>& found) {
  std::unordered_map<std::string_view, const Revision*> by_id;
  by_id.reserve(found.size());
  for (const Revision& revision : found) {
    const auto [other, is_new] = by_id.emplace(revision.id.str(), &revision);
    if (!is_new)
      throw bad_migration(revision.location,
                          "revision " + revision.id.str() + " is also declared at " + other->second->location.str(),
                          "give one of the two another id, and let what follows it revise that one");
  }
}

// All files say what they revise, or none does: a single line that was forgotten must not move a revision.
void check_all_or_none(const std::vector<Revision>& found) {
  const auto written = std::ranges::find(found, Parents::written, &Revision::parents);
  const auto implied = std::ranges::find(found, Parents::implied, &Revision::parents);
  if (written == found.end() || implied == found.end()) return;
  throw bad_migration(implied->location,
                      "the file does not say what it revises, while " + written->revises_location.str() + " does",
                      "add `-- revises: ` with the id of the revision before it, or with nothing after the colon if it "
                      "is the first; or take these lines out of all files, and the order of the ids counts");
}

}  // namespace

std::vector<Revision> read_folder(const std::vector<fs::path>& folders) {
  std::vector<Revision> found;
  std::vector<fs::path> seen;
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    if (std::ranges::any_of(seen, [&](const fs::path& other) { return fs::equivalent(folder, other, ignored); }))
      continue;
    seen.push_back(folder);
    std::ranges::move(revisions_in(folder), std::back_inserter(found));
  }
  check_unique(found);
  check_all_or_none(found);

  const bool implied = !found.empty() && found.front().parents == Parents::implied;
  return implied ? chained_by_id(std::move(found)) : found;
}

}  // namespace slipway
