#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The rules for revision ids and branch labels.
//
//  - They consist of ASCII letters, digits, `_` and `.`. Alembic refuses `@ - + :` because its selectors use them
//    (revision.py, _revision_illegal_chars), and slipway's selectors do too. Commas and spaces separate ids in
//    `revises`. Outside ASCII, one name has several encodings (Unicode's normal forms), and file systems change them.
//  - An id has at most 255 characters. Alembic creates its version table's column as VARCHAR(32). Users who want
//    readable ids widen it, but rarely to more than 255, which is also the longest file name. The actual width of the
//    column in a database is checked before anything runs (verify/id_room.h).
//  - A selector's word is not allowed: a revision with the id `head` could not be named.

namespace slipway {

inline constexpr std::size_t longest_revision_id = 255;
inline constexpr std::size_t alembic_id_limit = 32;  // the width of the column that Alembic creates

// The reason why the id is invalid, as the end of a sentence that begins with it ("is empty", "is 300 characters long,
// …"). Absent if the id is valid.
std::optional<std::string> wrong_with_revision_id(std::string_view id);

// The same for a branch label. It may be longer, because no table stores it.
std::optional<std::string> wrong_with_label(std::string_view label);

}  // namespace slipway
