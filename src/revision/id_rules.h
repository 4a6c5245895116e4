#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What a revision id and a branch label may be.
//
// - ASCII letters, digits, `_` and `.`. Alembic refuses `@ - + :` because its selectors are made of them (revision.py,
//   _revision_illegal_chars), and so do ours; commas and blanks separate ids in `revises`; beyond ASCII one name has
//   several spellings (Unicode's normal forms), which file systems change.
// - At most 255 characters. Alembic makes its version table's column VARCHAR(32), and those who want readable ids widen
//   it, rarely to more than 255, which is also the longest name of a file. What the column of a database really holds
//   is compared before anything runs (verify/id_room.h).
// - Not a selector's word: no one could name a revision `head`.

namespace slipway {

inline constexpr std::size_t longest_revision_id = 255;
inline constexpr std::size_t alembic_id_limit = 32;  // that a column has as Alembic makes it

// What is wrong with the name, as the end of a sentence that began with it ("is empty", "is 40 characters
// long, …").
std::optional<std::string> wrong_with_revision_id(std::string_view id);

// The same for a branch label, which no table holds: it may be longer.
std::optional<std::string> wrong_with_label(std::string_view label);

}  // namespace slipway
