#include "revision/rewrite.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "error/error.h"
#include "revision/native_format.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

Error unwritable(const fs::path& file, const std::error_code& error) {
  return {ExitCode::bad_migrations, file.string() + " can't be written: " + error.message(),
          "see that the file and its folder can be written by this user"};
}

// All of it: what was not read would be gone when the file is replaced.
std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error || text.view().size() != size)
    throw Error{ExitCode::bad_migrations, file.string() + " can't be read to its end", "try again"};
  return text.str();
}

Error changed(const SourceLocation& where) {
  return {ExitCode::bad_migrations, where.str() + ": the line is not `revises:` any more", "try again"};
}

std::string with_parents(std::string text, const SourceLocation& where, const std::vector<RevisionId>& parents) {
  Lines lines{text};
  for (auto line = lines.next(); line; line = lines.next()) {
    if (line->number != where.line) continue;
    const std::size_t colon = line->text.find(':');
    const std::string_view field = trimmed(line->text.substr(0, colon));
    if (colon == std::string_view::npos || field.size() < revises_field.size() ||
        !equal_ignoring_case(field.substr(field.size() - revises_field.size()), revises_field))
      break;
    std::string ids;
    for (const RevisionId& id : parents)
      ids += (ids.empty() ? " " : ", ") + id.str();
    return text.replace(line->begin + colon + 1, line->text.size() - colon - 1, ids);
  }
  throw changed(where);
}

// A container's root rewrites a file that its user mounted: it stays the user's. Whoever is not root can give nothing
// away, and owns what it writes as it would with any editor.
void keep_owner(const fs::path& file, const fs::path& beside) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(file.c_str(), &status) != 0) return;
  [[maybe_unused]] const int kept = ::chown(beside.c_str(), status.st_uid, status.st_gid);
}

// Beside the file, so that the renaming is within one file system (rename(2)).
void replace(const fs::path& file, const std::string& text) {
  const fs::path beside = file.parent_path() / ("." + file.filename().string() + "." + std::to_string(::getpid()));
  std::error_code error;
  {
    std::ofstream stream{beside, std::ios::binary};
    stream << text;
    stream.close();
    if (!stream) error = {errno, std::system_category()};
  }
  if (!error) fs::permissions(beside, fs::status(file).permissions(), error);
  if (!error) keep_owner(file, beside);
  if (!error) fs::rename(beside, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(beside, ignored);
  throw unwritable(file, error);
}

}  // namespace

void rewrite_revises(const Revision& revision, const std::vector<RevisionId>& parents) {
  std::error_code error;
  const fs::path file = fs::canonical(revision.location.file, error);
  if (error) throw unwritable(revision.location.file, error);
  replace(file, with_parents(content_of(file), revision.revises_location(), parents));
}

}  // namespace slipway
