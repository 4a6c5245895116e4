#include "ledger/journal.h"

#include <algorithm>

#include "error/error.h"

namespace slipway {
namespace {

template <typename Value>
struct Word {
  Value value;
  std::string_view word;
};

constexpr std::array action_words{
    Word<JournalAction>{JournalAction::upgrade, "upgrade"}, Word<JournalAction>{JournalAction::downgrade, "downgrade"},
    Word<JournalAction>{JournalAction::adopt, "adopt"},     Word<JournalAction>{JournalAction::accept, "accept"},
    Word<JournalAction>{JournalAction::stamp, "stamp"},     Word<JournalAction>{JournalAction::unstamp, "unstamp"},
};

constexpr std::array state_words{
    Word<JournalState>{JournalState::running, "running"},
    Word<JournalState>{JournalState::in_doubt, "in doubt"},
    Word<JournalState>{JournalState::failed, "failed"},
    Word<JournalState>{JournalState::done, "done"},
};

template <typename Words, typename Value>
std::string_view find_word(const Words& words, Value value) noexcept {
  return std::ranges::find_if(words, [&](const auto& entry) { return entry.value == value; })->word;
}

template <typename Words>
auto find_value(const Words& words, std::string_view word) {
  const auto found = std::ranges::find_if(words, [&](const auto& entry) { return entry.word == word; });
  if (found == words.end())
    throw Error{ExitCode::bad_migrations,
                "the journal contains the word '" + std::string{word} + "', which this slipway does not know",
                "use the version of slipway that wrote it, or a later one"};
  return found->value;
}

}  // namespace

std::string_view word(JournalAction action) noexcept {
  return find_word(action_words, action);
}
std::string_view word(JournalState state) noexcept {
  return find_word(state_words, state);
}
JournalAction journal_action(std::string_view word) {
  return find_value(action_words, word);
}
JournalState journal_state(std::string_view word) {
  return find_value(state_words, word);
}

bool has_done_nothing(const JournalEntry& entry) noexcept {
  return entry.statements_done == 0 && (entry.state == JournalState::running || entry.state == JournalState::failed);
}

void Journal::add(const JournalEntry& entry) {
  last_id = std::max(last_id, entry.id);
  if (entry.state != JournalState::done) {
    unfinished = entry;
    return;
  }
  if (entry.action == JournalAction::downgrade || entry.action == JournalAction::unstamp) {
    applied.erase(entry.revision);
    return;
  }
  applied.insert_or_assign(entry.revision, entry);
}

}  // namespace slipway
