#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision.h"

// Writes the file of a new revision without statements.

namespace slipway {

struct NewRevision {
  std::string message;              // one line: words for the file's name and for `history`
  std::vector<RevisionId> parents;  // the heads that it revises; empty: a base
  std::vector<std::string> depends_on{};
  std::vector<std::string> branch_labels{};
  std::optional<std::string> id{};  // absent: one that continues the existing ones
  std::chrono::system_clock::time_point created = std::chrono::system_clock::now();
};

// Writes ID_words_of_the_message.sql with a header and both markers into the folder, and returns its path. The folder
// is created if it does not exist. If root writes the file, it belongs to the owner of the folder. `existing` is the
// result of read_folder for all folders.
//
// If no id is given, the new id continues the existing ones:
//
// - a sequence, if they are numbers: the highest plus one, as wide (009, 010); 001 in an empty folder;
// - a timestamp, if the highest is one: YYYYMMDDHHMMSS in UTC, and later than every other;
// - else 12 hexadecimal digits by chance, as Alembic does.
//
// If the files of the folder do not say what they revise, the new one does not either, because its id puts it last.
//
// Throws Error (usage) if the message is empty, contains a line end or a control character, or is not UTF-8; if the id
// or a label is invalid; or if the id is not the last one in a folder whose files do not say what they revise. Throws
// Error (bad_migrations) if a file of that name already exists (no file is ever overwritten), if the folder can't be
// written to, or if the ids have no order in which the new one is the last.
std::filesystem::path write_new_revision(const std::filesystem::path& folder, const std::vector<Revision>& existing,
                                         const NewRevision& revision);

// The message as part of a file's name, as in Alembic: letters, digits and `_` in lower case, everything else replaced
// by a single `_`, cut at a `_` to at most 40 bytes.
std::string slug(std::string_view message);

}  // namespace slipway
