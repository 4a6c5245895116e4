#include "revision/folder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <future>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "error/error.h"
#include "log/log.h"
#include "revision/bad_migration.h"
#include "revision/chain.h"
#include "revision/migration_file.h"
#include "revision/native_format.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

// The known layouts. A folder is read with the first.
constexpr std::array layouts{Layout{.name = "native", .read = &read_native_files}};

// Why a name in a folder is not a migration; nothing if it is one.
const char* reason_to_skip(std::string_view name, const fs::directory_entry& entry) {
  constexpr std::string_view extension = ".sql";
  if (name.starts_with('.')) return "it is hidden";
  if (name.size() < extension.size() || !equal_ignoring_case(name.substr(name.size() - extension.size()), extension))
    return "its name does not end in .sql";
  std::error_code ignored;  // a dangling link is reported when it is opened
  if (entry.is_directory(ignored)) return "it is a folder";
  return nullptr;
}

void check_name(const fs::path& folder, std::string_view name) {
  const std::string shown = printable(name);
  if (first_not_utf8(name) || shown != name)
    throw bad_file(folder / shown, "the file name is not UTF-8, or contains a control character", "rename the file");
}

// The type usually comes with the name (readdir(3), d_type), without a system call.
void check_type(const fs::directory_entry& entry) {
  std::error_code error;
  if (!entry.is_regular_file(error) && !error)
    throw bad_file(entry.path(), "is not a regular file but a pipe, a socket or a device",
                   "remove it, or give it another name");
}

// The other names in a folder.
struct Skipped {
  std::size_t names = 0;
  std::string subfolder{};  // the name of one subfolder
};

Error no_migrations(const fs::path& folder, const Skipped& skipped) {
  constexpr auto fix =
      "check that the volume is mounted and that --migrations names the right folder; if there are no "
      "migrations yet, use --allow-empty";
  if (skipped.names == 0) return bad_file(folder, "the migrations folder is empty", fix);
  if (skipped.subfolder.empty())
    return bad_file(folder, "there are no migrations (*.sql) in this folder, only other files", fix);
  return bad_file(folder,
                  "there are no migrations (*.sql) in this folder, and subfolders such as " +
                      printable(skipped.subfolder) + " are not searched",
                  fix);
}

std::vector<fs::path> migrations_in(const fs::path& folder, EmptyFolder empty) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found)
    throw bad_file(folder, "the migrations folder does not exist",
                   "create it, or name another with --migrations or SLIPWAY_MIGRATIONS");
  if (status.type() != fs::file_type::directory && !error)
    throw bad_file(folder, "is not a folder", "name the folder that holds the migrations");

  std::vector<fs::path> files;
  Skipped skipped;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    // Not path::filename(): constructing a path for each of thousands of names takes longer than reading the folder.
    const std::string_view path = entry->path().native();
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (const char* reason = reason_to_skip(name, *entry)) {
      ++skipped.names;
      if (std::error_code ignored; !name.starts_with('.') && entry->is_directory(ignored)) skipped.subfolder = name;
      if (log::enabled(log::Level::debug))
        log::debug("folder.skipped", "not a migration: " + printable(entry->path().native()) + ", because " + reason);
    } else {
      check_name(folder, name);
      check_type(*entry);
      files.push_back(entry->path());
    }
  }
  if (error)
    throw bad_file(folder, "the migrations folder can't be read: " + error.message(),
                   "make it readable for the user that slipway runs as");
  if (files.empty() && empty == EmptyFolder::refuse) throw no_migrations(folder, skipped);
  if (files.empty())
    log::warning("folder.empty",
                 "there are no migrations (*.sql) in " + folder.string() +
                     (skipped.names == 0 ? "" : ", only " + std::to_string(skipped.names) + " other files"));
  std::ranges::sort(files, {}, &fs::path::native);
  return files;
}

// Reading fewer files takes less time than starting a thread. More threads would wait for the kernel.
constexpr std::size_t least_files_of_a_thread = 250;
constexpr std::size_t most_threads = 4;

std::vector<MigrationFile> read_files(std::span<fs::path> files) {
  std::vector<MigrationFile> read;
  read.reserve(files.size());
  for (fs::path& file : files)
    read.push_back(read_migration_file(std::move(file)));
  return read;
}

// Several threads read thousands of files, each a share in the order of the names. If there are several errors, the
// first in that order is thrown. If no thread can be created, this one reads all files.
std::vector<MigrationFile> read_files_together(std::vector<fs::path> files) {
  const std::size_t processors = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads);
  const std::size_t threads = std::clamp<std::size_t>(files.size() / least_files_of_a_thread, 1, processors);
  if (threads == 1) return read_files(files);

  std::vector<std::future<std::vector<MigrationFile>>> shares;
  for (std::size_t i = 0; i < threads; ++i) {
    const std::size_t begin = files.size() * i / threads;
    const std::size_t end = files.size() * (i + 1) / threads;
    shares.push_back(std::async(read_files, std::span{files}.subspan(begin, end - begin)));
  }
  std::vector<MigrationFile> read;
  read.reserve(files.size());
  for (auto& share : shares)
    std::ranges::move(share.get(), std::back_inserter(read));
  return read;
}

std::vector<Revision> revisions_in(const fs::path& folder, EmptyFolder empty) {
  return layouts.front().read(read_files_together(migrations_in(folder, empty)));
}

void check_unique(const std::vector<Revision>& found) {
  std::unordered_map<std::string_view, const Revision*> by_id;
  by_id.reserve(found.size());
  for (const Revision& revision : found) {
    const auto [other, is_new] = by_id.emplace(revision.id.str(), &revision);
    if (!is_new)
      throw bad_migration(revision.location,
                          "revision " + revision.id.str() + " is also declared at " + other->second->location.str(),
                          "give one of the two another id, and correct the files that revise it");
  }
}

// Either all files say what they revise, or none does, so that one forgotten line can't move a revision.
void check_all_or_none(const std::vector<Revision>& found) {
  const auto written = std::ranges::find(found, Parents::written, &Revision::parents);
  const auto implied = std::ranges::find(found, Parents::implied, &Revision::parents);
  if (written == found.end() || implied == found.end()) return;
  throw bad_migration(implied->location,
                      "the file has no `revises` line, but " + written->revises_location().str() + " has one",
                      "add `-- revises: ` with the id of the revision before it, or with nothing after the colon if it "
                      "is the first; or remove these lines from all files, to use the order of the ids");
}

}  // namespace

std::vector<Revision> read_folder(const std::vector<fs::path>& folders, EmptyFolder empty) {
  std::vector<Revision> found;
  std::vector<fs::path> seen;
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    if (std::ranges::any_of(seen, [&](const fs::path& other) { return fs::equivalent(folder, other, ignored); }))
      continue;
    seen.push_back(folder);
    std::vector<Revision> more = revisions_in(folder, empty);
    found.insert(found.end(), std::move_iterator{more.begin()}, std::move_iterator{more.end()});
  }
  check_unique(found);
  check_all_or_none(found);

  const bool implied = !found.empty() && found.front().parents == Parents::implied;
  if (implied) found = chained_by_id(std::move(found));
  return found;
}

}  // namespace slipway
