#include "revision/rewrite.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "base/open_folder.h"
#include "base/text.h"
#include "error/error.h"
#include "revision/native_format.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

Error unwritable(const fs::path& file, const std::error_code& error) {
  return {ExitCode::bad_migrations, file.string() + " can't be written: " + error.message(),
          "make the file and its folder writable for this user"};
}

Error changed(const SourceLocation& where) {
  return {ExitCode::bad_migrations, where.str() + ": the line is no longer a `revises:` line", "try again"};
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
    const std::string ids = (parents.empty() ? "" : " ") + join(parents, ", ", &RevisionId::str);
    return text.replace(line->begin + colon + 1, line->text.size() - colon - 1, ids);
  }
  throw changed(where);
}

}  // namespace

void rewrite_revises(const Revision& revision, const std::vector<RevisionId>& parents) {
  fs::path file = revision.location.file;
  try {
    file = fs::canonical(file);
    const OpenFolder folder{file.parent_path()};
    const FileContent old = folder.read(file.filename());
    // If root in a container rewrites a mounted file, its owner stays the same.
    folder.replace(file.filename(), with_parents(old.text, revision.revises_location(), parents),
                   {.mode = old.mode, .owner = old.owner});
  } catch (const std::system_error& error) {
    throw unwritable(file, error.code());
  }
}

}  // namespace slipway
