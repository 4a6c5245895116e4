#include "sql/statement_patterns.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace slipway {
namespace {

// A pattern is words with blanks between them, compared with the statement's tokens from the first on. `*` stands for
// any tokens, `~` for any but a comma (a single action of an ALTER TABLE), `$` for the statement's end.
bool matches(std::string_view pattern, std::span<const std::string_view> tokens) {
  if (pattern.empty()) return true;
  // Most patterns differ in their first letter, and every statement is held against all of them.
  if (is_letter(pattern.front()) && (tokens.empty() || to_lower(tokens.front().front()) != pattern.front()))
    return false;
  const std::size_t blank = pattern.find(' ');
  const std::string_view word = pattern.substr(0, blank);
  const std::string_view rest = blank == std::string_view::npos ? std::string_view{} : pattern.substr(blank + 1);
  if (word == "$") return tokens.empty();
  if (word != "*" && word != "~")
    return !tokens.empty() && equal_ignoring_case(tokens.front(), word) && matches(rest, tokens.subspan(1));
  for (; !matches(rest, tokens); tokens = tokens.subspan(1))
    if (tokens.empty() || (word == "~" && tokens.front() == ",")) return false;
  return true;
}

struct KindRow {
  std::string_view pattern;
  StatementKind kind;
  std::string_view name;
  std::array<std::string_view, 2> unless{};  // words: if the script has one of them, the server is asked
};

constexpr StatementKind control = StatementKind::transaction_control;
constexpr StatementKind outside = StatementKind::outside_transaction;
constexpr StatementKind ordinary = StatementKind::ordinary;

// The first row that matches counts. What can't run in a transaction block is what calls PreventInTransactionBlock in
// PostgreSQL 15, as far as the words tell. CLUSTER and REINDEX of a partitioned table call it too, but only the catalog
// knows which table is partitioned.
constexpr std::array kinds{
    KindRow{"* \\", StatementKind::psql_command, "a psql command"},
    KindRow{"copy * from stdin", StatementKind::copy_from_stdin, "COPY … FROM STDIN"},
    KindRow{"rollback to", ordinary, {}},
    KindRow{"rollback work to", ordinary, {}},
    KindRow{"rollback transaction to", ordinary, {}},
    KindRow{"begin", control, "BEGIN"},
    KindRow{"start transaction", control, "START TRANSACTION"},
    KindRow{"commit", control, "COMMIT"},
    KindRow{"end", control, "END"},
    KindRow{"rollback", control, "ROLLBACK"},
    KindRow{"abort", control, "ABORT"},
    KindRow{"prepare transaction", control, "PREPARE TRANSACTION"},
    KindRow{"create index concurrently", outside, "CREATE INDEX CONCURRENTLY"},
    KindRow{"create unique index concurrently", outside, "CREATE UNIQUE INDEX CONCURRENTLY"},
    KindRow{"drop index concurrently", outside, "DROP INDEX CONCURRENTLY"},
    KindRow{"reindex * concurrently", outside, "REINDEX CONCURRENTLY"},
    KindRow{"reindex database", outside, "REINDEX DATABASE"},
    KindRow{"reindex ( * ) database", outside, "REINDEX DATABASE"},
    KindRow{"reindex schema", outside, "REINDEX SCHEMA"},
    KindRow{"reindex ( * ) schema", outside, "REINDEX SCHEMA"},
    KindRow{"reindex system", outside, "REINDEX SYSTEM"},
    KindRow{"reindex ( * ) system", outside, "REINDEX SYSTEM"},
    KindRow{"vacuum", outside, "VACUUM"},
    KindRow{"cluster $", outside, "CLUSTER without a table"},
    KindRow{"cluster verbose $", outside, "CLUSTER without a table"},
    KindRow{"cluster ( * ) $", outside, "CLUSTER without a table"},
    KindRow{"create database", outside, "CREATE DATABASE"},
    KindRow{"drop database", outside, "DROP DATABASE"},
    KindRow{"alter database * set tablespace", outside, "ALTER DATABASE … SET TABLESPACE"},
    KindRow{"create tablespace", outside, "CREATE TABLESPACE"},
    KindRow{"drop tablespace", outside, "DROP TABLESPACE"},
    KindRow{"alter system", outside, "ALTER SYSTEM"},
    KindRow{"create subscription", outside, "CREATE SUBSCRIPTION", {"create_slot", "connect"}},
    KindRow{"drop subscription", outside, "DROP SUBSCRIPTION", {"slot_name"}},
    KindRow{"alter subscription * refresh publication", outside, "ALTER SUBSCRIPTION … REFRESH PUBLICATION"},
    KindRow{"alter subscription * publication", outside, "ALTER SUBSCRIPTION … PUBLICATION", {"refresh"}},
    KindRow{"alter table ~ detach partition ~ concurrently", outside, "DETACH PARTITION CONCURRENTLY"},
    KindRow{"discard all", StatementKind::releases_locks, "DISCARD ALL"},
};

struct RepeatabilityRow {
  std::string_view pattern;
  Repeatability repeatability;
};

constexpr Repeatability repeatable = Repeatability::repeatable;

// A statement that ran to its end but whose end slipway never saw is run again: its second run must leave what the
// first left. A wrong `repeatable` of a CREATE or DROP would still only be an error of the server's.
constexpr std::array repeatabilities{
    RepeatabilityRow{"create index concurrently", Repeatability::index_build},
    RepeatabilityRow{"create unique index concurrently", Repeatability::index_build},
    RepeatabilityRow{"create or replace", repeatable},
    RepeatabilityRow{"create * if not exists", repeatable},
    RepeatabilityRow{"drop * if exists", repeatable},
    RepeatabilityRow{"alter type ~ add value if not exists", repeatable},
    RepeatabilityRow{"alter table ~ validate constraint ~ $", repeatable},
    RepeatabilityRow{"alter table ~ set not null $", repeatable},
    RepeatabilityRow{"alter system", repeatable},
    RepeatabilityRow{"vacuum", repeatable},
    RepeatabilityRow{"analyze", repeatable},
    RepeatabilityRow{"analyse", repeatable},
    RepeatabilityRow{"reindex * concurrently", Repeatability::index_rebuild},
    RepeatabilityRow{"reindex", repeatable},
    RepeatabilityRow{"cluster", repeatable},
    RepeatabilityRow{"checkpoint", repeatable},
    RepeatabilityRow{"refresh materialized view", repeatable},
    RepeatabilityRow{"comment on", repeatable},
    RepeatabilityRow{"grant", repeatable},
    RepeatabilityRow{"revoke", repeatable},
    RepeatabilityRow{"set", repeatable},
    RepeatabilityRow{"reset", repeatable},
    RepeatabilityRow{"discard", repeatable},
};

struct SessionEffectRow {
  std::string_view pattern;
  SessionEffect effect;
};

// The first row that matches counts.
constexpr std::array session_effects{
    SessionEffectRow{"set local", SessionEffect::none},
    SessionEffectRow{"set transaction", SessionEffect::none},
    SessionEffectRow{"set constraints", SessionEffect::none},
    SessionEffectRow{"set", SessionEffect::settings},
    SessionEffectRow{"reset", SessionEffect::settings},
    SessionEffectRow{"select set_config", SessionEffect::settings},
    SessionEffectRow{"select pg_catalog . set_config", SessionEffect::settings},
    SessionEffectRow{"create temp", SessionEffect::objects},
    SessionEffectRow{"create temporary", SessionEffect::objects},
    SessionEffectRow{"create local temp", SessionEffect::objects},
    SessionEffectRow{"create local temporary", SessionEffect::objects},
    SessionEffectRow{"create global temp", SessionEffect::objects},
    SessionEffectRow{"create global temporary", SessionEffect::objects},
    SessionEffectRow{"create or replace temp", SessionEffect::objects},
    SessionEffectRow{"create or replace temporary", SessionEffect::objects},
    SessionEffectRow{"select * into temp", SessionEffect::objects},
    SessionEffectRow{"select * into temporary", SessionEffect::objects},
    SessionEffectRow{"prepare transaction", SessionEffect::none},
    SessionEffectRow{"prepare", SessionEffect::objects},
    SessionEffectRow{"declare * with hold", SessionEffect::objects},
};

template <typename Rows>
auto first_match(const Rows& rows, std::span<const std::string_view> tokens) {
  const auto* const row = std::ranges::find_if(rows, [&](const auto& known) { return matches(known.pattern, tokens); });
  return row == rows.end() ? nullptr : row;
}

}  // namespace

StatementRule rule_by_patterns(std::span<const std::string_view> tokens, std::span<const std::string_view> script) {
  StatementRule rule;
  const auto is_mentioned = [&](std::string_view word) { return !word.empty() && mentions(script, word); };
  if (const KindRow* row = first_match(kinds, tokens);
      row != nullptr && std::ranges::none_of(row->unless, is_mentioned)) {
    rule.kind = row->kind;
    rule.name = row->name;
  }
  if (const RepeatabilityRow* row = first_match(repeatabilities, tokens)) rule.repeatability = row->repeatability;
  if (const SessionEffectRow* row = first_match(session_effects, tokens)) rule.session_effect = row->effect;
  return rule;
}

}  // namespace slipway
