#include "verify/ledger_place.h"

#include <algorithm>
#include <vector>

#include "log/log.h"

namespace slipway {
namespace {

constexpr std::size_t most_named = 5;

// The tables that record revisions of this folder, with those revisions.
std::vector<LedgerElsewhere> of_this_folder(const Graph& graph, const LedgerState& ledger) {
  std::vector<LedgerElsewhere> own;
  for (LedgerElsewhere found : ledger.elsewhere) {
    std::erase_if(found.revisions, [&](const RevisionId& id) { return !graph.contains(id); });
    if (!found.revisions.empty()) own.push_back(std::move(found));
  }
  return own;
}

// The first few, and how many more there are.
template <typename Name>
std::string listed(const std::vector<LedgerElsewhere>& found, const std::string& separator, Name name) {
  std::string text;
  for (std::size_t i = 0; i < std::min(found.size(), most_named); ++i)
    text += (i == 0 ? "" : separator) + name(found[i]);
  return found.size() <= most_named ? text : text + " and " + std::to_string(found.size() - most_named) + " more";
}

std::string place(const LedgerElsewhere& found) {
  return found.table + " in schema " + found.schema;
}

std::string sentence(const LedgerState& ledger, const std::vector<LedgerElsewhere>& own) {
  return "database '" + ledger.database + "' has no " +
         (ledger.version_table_exists ? "journal beside its version table" : "version table") + " in schema " +
         ledger.schema + ", but " + listed(own, ", ", [](const LedgerElsewhere& found) {
           return place(found) + (found.kind == LedgerElsewhere::Kind::version_table
                                      ? " is at " + Heads{found.revisions}.str()
                                      : " records revisions of this folder");
         });
}

std::string hint(const LedgerState& ledger, const LedgerElsewhere& found) {
  const std::string new_one = "--version-schema " + ledger.schema + " to start a new one";
  if (found.kind == LedgerElsewhere::Kind::version_table)
    return "the search path may have changed: use --version-schema " + found.schema +
           " to continue with that table, or " + new_one;
  return "move it with ALTER TABLE " + found.schema + "." + found.table + " SET SCHEMA " + ledger.schema + ", or use " +
         new_one;
}

}  // namespace

std::optional<Error> ledger_elsewhere(const Graph& graph, const LedgerState& ledger) {
  const std::vector<LedgerElsewhere> own = of_this_folder(graph, ledger);
  if (own.empty()) return std::nullopt;
  return Error{ExitCode::bad_migrations, sentence(ledger, own), hint(ledger, own.front())};
}

void warn_of_ledger_elsewhere(const Graph& graph, const LedgerState& ledger) {
  if (const auto elsewhere = ledger_elsewhere(graph, ledger))
    log::warning("ledger.elsewhere", elsewhere->message() + "; " + elsewhere->hint());
}

void require_no_ledger_elsewhere(const Graph& graph, const LedgerState& ledger) {
  if (const auto elsewhere = ledger_elsewhere(graph, ledger)) throw Error{*elsewhere};
  std::vector<LedgerElsewhere> unknown = ledger.elsewhere;
  std::erase_if(unknown, [](const LedgerElsewhere& found) { return found.is_readable; });
  if (!unknown.empty())
    log::warning("ledger.elsewhere", "there is also " + listed(unknown, ", ", place) +
                                         ", which this role can't read; slipway uses schema " + ledger.schema);
}

}  // namespace slipway
