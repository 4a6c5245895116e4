#include "wanted.h"

#include <algorithm>
#include <array>

#include <CLI/App.hpp>

#include "error/error.h"

namespace slipway {
namespace {

struct Word {
  std::string_view word;
  Wanted wanted;
};

constexpr std::array words{
    Word{"connection", Wanted::connection},
    Word{"head", Wanted::heads},
    Word{"heads", Wanted::heads},
};

}  // namespace

void add_wanted(CLI::App& command, std::string& value) {
  command
      .add_option("--for", value,
                  "connection: PostgreSQL answers; head: its schema is also at this folder's head [" + value + "]")
      ->type_name("WHAT");
}

// One word for each value: `heads` is accepted, but not offered.
Choices choices_of_wanted() {
  Choices choices{.flag = "--for", .words = {}};
  for (const Word& word : words)
    if (&word == std::ranges::find(words, word.wanted, &Word::wanted)) choices.words.push_back(word.word);
  return choices;
}

Wanted wanted(std::string_view value) {
  const auto* const known = std::ranges::find(words, value, &Word::word);
  if (known == words.end())
    throw Error{ExitCode::usage, "invalid value '" + std::string{value} + "' for --for", "choose connection or head"};
  return known->wanted;
}

}  // namespace slipway
