#pragma once

#include <compare>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/script.h"

// A revision: one migration as it is on disk, with its two scripts and its parents. A value; it knows neither its file
// format (native_format.h does) nor whether it was applied (the ledger does).

namespace slipway {

// What the version table holds: Alembic's `revision`.
class RevisionId {
 public:
  explicit RevisionId(std::string id) : id_{std::move(id)} {}
  const std::string& str() const noexcept { return id_; }
  // clang-tidy 14 takes the 0 of the comparisons that the compiler makes of it for a null pointer.
  friend auto operator<=>(const RevisionId&, const RevisionId&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::string id_;
};

enum class Direction { upgrade, downgrade };

// Whether a revision's parents were written down, or follow from the order of the ids.
enum class Parents { written, implied };

struct Revision {
  RevisionId id;
  std::vector<std::string> revises;     // parents, as written: ids, or what uniquely begins one
  std::vector<std::string> depends_on;  // as written: ids, what uniquely begins one, or branch labels
  std::vector<std::string> branch_labels;
  std::string message;      // one line, may be empty
  std::string created;      // as written, may be empty
  SourceLocation location;  // where the id is declared; line 1 where the file's name declares it
  int revises_line = 1;     // where the parents are declared, for errors about them
  Parents parents = Parents::written;
  Script upgrade;
  std::optional<Script> downgrade;  // absent: the revision can't be undone

  SourceLocation revises_location() const { return {.file = location.file, .line = revises_line}; }
};

// "003 Add an index", for logs and errors.
inline std::string title(const Revision& revision) {
  return revision.message.empty() ? revision.id.str() : revision.id.str() + " " + revision.message;
}

// "003 Add an index (migrations/003_add_an_index.sql)"
inline std::string title_and_file(const Revision& revision) {
  return title(revision) + " (" + revision.location.file.string() + ")";
}

}  // namespace slipway
