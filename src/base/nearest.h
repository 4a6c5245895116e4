#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The names that a user may have meant. Used by every error about an unknown name.

namespace slipway {

// The candidates within a third of the word's length of edits (at least one), nearest first, at most `most`.
// Case is ignored; a candidate that begins with the word counts as near.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates, std::size_t most = 3);

// "did you mean a, b or c?", or empty if no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace slipway
