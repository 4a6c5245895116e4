#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

// One read of the ledger's tables. Each query runs in its own transaction, in which row-level security can't hide rows
// and the wait for locks is limited.

namespace slipway {

class LedgerReading {
 public:
  // All three outlive it.
  LedgerReading(Session& session, const LedgerNames& names, const ReadPatience& patience);

  // Throws as Ledger::read().
  LedgerState read();

  // The answer to one query on tables those that exist. `row_security` is the state's. Throws as Ledger::read().
  Rows answer(const std::string& question, RowSecurity row_security);

 private:
  // The answer, or the server's error.
  Outcome ask(const std::string& question);
  // Uses that schema from now on, instead of the search path.
  void use_schema(const std::string& schema);
  void look_for_tables();
  Outcome ask_for_those();  // those that exist
  void look_elsewhere(const Rows& answer);
  void require_a_schema() const;
  // False if the journal that was read is not of the version table's schema.
  bool fill(const Outcome& outcome);
  void add_head(std::vector<RevisionId>& heads, const std::optional<std::string_view>& id);
  std::string both() const;  // tables, for an error
  std::vector<TableName> tables() const;

  Session& session_;
  const LedgerNames& names_;
  const ReadPatience& patience_;
  std::optional<std::string> schema_;  // absent: where the search path leads
  std::string versions_;               // as SQL
  std::string journal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  LedgerState ledger_;
};

}  // namespace slipway
