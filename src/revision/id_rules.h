#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What a revision id and a branch label may be.
//
//  - ASCII letters, digits, `_` and `.`. Alembic refuses `@ - + :` because its selectors are made of them
//  (revision.py,
//    _revision_illegal_chars), and so do ours; commas and blanks separate ids in `revises`; beyond ASCII one
//    name has several spellings (Unicode's normal forms), which file systems change.
//  - At most 32 characters: Alembic's version table is VARCHAR(32), and PostgreSQL would refuse the id only
//  when the
//    migration has already run.
//  - Not a selector's word: no one could name a revision `head`.

namespace slipway {

inline constexpr std::size_t longest_revision_id = 32;

// What is wrong with the name, as the end of a sentence that began with it ("is empty", "is 40 characters
// long, …").
std::optional<std::string> wrong_with_revision_id(std::string_view id);

// The same for a branch label, which no table holds: it may be longer.
std::optional<std::string> wrong_with_label(std::string_view label);

}  // namespace slipway
