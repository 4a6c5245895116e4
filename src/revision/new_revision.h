#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision.h"

// Writes the file of a new, empty revision.

namespace slipway {

struct NewRevision {
  std::string message;              // one line: words for the file's name and for `history`
  std::vector<RevisionId> parents;  // the heads that it revises; empty: a base
  std::vector<std::string> depends_on{};
  std::vector<std::string> branch_labels{};
  std::optional<std::string> id{};  // absent: one that continues the existing ones
  std::chrono::system_clock::time_point created = std::chrono::system_clock::now();
};

// Writes ID_words_of_the_message.sql with a header and both markers into the folder, which is made where it
// is missing, and returns its path. Where root writes it, the file is its folder's owner's. `existing` is what
// read_folder returned for all folders.
//
// Without an id of its own, the id goes on as the existing ones do:
//
// - a sequence, if they are numbers: the highest plus one, as wide (009, 010); 001 in an empty folder;
// - a timestamp, if the highest is one: YYYYMMDDHHMMSS in UTC, and later than every other;
// - else 12 hexadecimal digits by chance, as Alembic does.
//
// In a folder whose files say nothing about what they revise the new one does not either, as its id puts it
// last.
//
// Throws Error: usage, if the message is empty, holds a line end or control character, or is not UTF-8, if the id or a
// label can't be one, or if the id is not the last in a folder whose files say nothing about what they revise;
// bad_migrations, if there is a file of that name already (nothing is ever overwritten), the folder can't be
// written, or the ids have no order in which the new one is the last.
std::filesystem::path write_new_revision(const std::filesystem::path& folder, const std::vector<Revision>& existing,
                                         const NewRevision& revision);

// The words of a message as part of a file's name, as Alembic makes it: letters, digits and `_` in small
// letters, everything else one `_`, at most 40 bytes and then cut at a `_`.
std::string slug(std::string_view message);

}  // namespace slipway
