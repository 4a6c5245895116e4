#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/run_policy.h"

// The findings of `slipway check`: what would prevent the next upgrade, and what is pending. Pure.

namespace slipway {

enum class FindingKind {
  several_heads,
  ledger_elsewhere,  // this folder's ledger is in a schema that was not searched
  id_too_long,       // for the version table's column
  unknown,           // the database is at a revision that the folder does not have
  edited,            // applied, and its statements changed since
  out_of_order,      // never applied, although a later revision is
  under_way,         // a script without a transaction runs in another session
  cut_off,           // such a script failed or was interrupted after a part of it was done
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
  RunPolicy policy{};  // what it allows is not a finding
  // A description of the session that is migrating, if one is. Used only if a script is unfinished.
  std::optional<std::string> migrating_session{};
};

// Without a ledger, checks only the folder. Throws Error (bad_migrations) with file and line if a script can't be run
// in the way that it asks for (revision/script_check.h).
std::vector<Finding> check(const Graph& graph, const std::optional<LedgerState>& ledger, const CheckOptions& options);

}  // namespace slipway
