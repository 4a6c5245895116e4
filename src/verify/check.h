#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/run_policy.h"

// What would be in the way of the next upgrade, and what is waiting for it: the answer of `slipway check`. Pure.

namespace slipway {

enum class FindingKind {
  several_heads,
  ledger_elsewhere,  // the search path leads past this folder's ledger
  id_too_long,       // for the version table's column
  unknown,           // the database is at a revision that the folder does not have
  edited,            // applied, and its statements changed since
  out_of_order,      // never applied, and what builds on it is
  under_way,         // a script without a transaction runs in another session
  cut_off,           // one has failed or was cut off when a part of it was done
  pending,
};

std::string_view word(FindingKind kind) noexcept;

struct Finding {
  FindingKind kind;
  std::vector<RevisionId> revisions;
  std::string sentence;
};

struct CheckOptions {
  bool allow_multiple_heads = false;
  bool allow_pending = false;
  RunPolicy policy{};  // what it lets pass is no finding
  // The session that migrates, described; absent: none does. Counts only if a script is unfinished.
  std::optional<std::string> migrating_session{};
};

// Without a ledger the folder alone is looked at. Throws Error (bad_migrations) with file and line if a script can't
// be run in the way that it asks for (revision/script_check.h).
std::vector<Finding> check(const Graph& graph, const std::optional<LedgerState>& ledger, const CheckOptions& options);

}  // namespace slipway
