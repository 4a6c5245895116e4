#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// TOML outside of its strings and comments is ASCII alone (TOML 1.0, "Keys", "Values"). toml++ 3.3 asks there whether
// another character is white space, and is_non_ascii_horizontal_whitespace has no defined answer for U+00A1 to U+0499
// and others; so they are looked for before it sees the text.

namespace slipway {

// Where the first byte that is not ASCII stands outside of strings and comments, or behind a backslash. A byte order
// mark at the beginning does not count. Nothing is looked for behind a string that does not end on its line, for no
// parser gets past that.
std::optional<std::size_t> find_unquoted_non_ascii(std::string_view text);

}  // namespace slipway
