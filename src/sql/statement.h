#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/pieces.h"
#include "sql/script.h"

// The statements of a script: where each begins and ends, what it is to a transaction, and whether it can be run again
// (statement_rules.h). To split a script:
//
//  1. libpg_query's parser, PostgreSQL 15's own, splits what it understands.
//  2. Else its scanner does, by psql's rules (psqlscan.l): at a `;` outside quotes, parentheses and BEGIN ATOMIC
//  bodies.
//     So a script with newer syntax runs too: the server decides what it understands.
//  3. Where not even the scanner can go on (a quote that is never closed), the rest is one statement, for the server to
//     refuse with its own words.
//
// Quotes are read with standard_conforming_strings on, PostgreSQL's default since 9.1. Safe in several threads.

namespace slipway {

// What a statement is to a transaction.
enum class StatementKind {
  ordinary,
  transaction_control,  // BEGIN, COMMIT, ROLLBACK … but not SAVEPOINT, RELEASE, ROLLBACK TO
  outside_transaction,  // PostgreSQL refuses it in a transaction block: CREATE INDEX CONCURRENTLY, VACUUM …
  copy_from_stdin,      // its data would have to be sent apart from the SQL
  psql_command,         // a line that begins with a backslash, for psql and not for the server
  releases_locks,       // DISCARD ALL: slipway's own lock goes with the others
};

// What becomes of a statement that is run a second time, after a run that was cut off.
enum class Repeatability {
  repeatable,     // the same in the end: VACUUM, CREATE OR REPLACE, IF [NOT] EXISTS …
  index_build,    // CREATE INDEX CONCURRENTLY: once the INVALID index that a cut-off build leaves is dropped
  index_rebuild,  // REINDEX CONCURRENTLY: likewise
  once,           // unknown, and taken for not repeatable
};

// What of a statement lasts as long as its session, and is missed by the statements behind it in another one.
enum class SessionEffect {
  none,
  settings,  // SET, RESET, set_config(): they can be made again
  objects,   // temporary tables, prepared statements, cursors WITH HOLD: they can't
};

// An index that a CREATE INDEX CONCURRENTLY builds.
struct IndexBuild {
  std::optional<std::string> schema;  // the table's, where it is written; the index always goes where its table is
  std::string table;
  std::optional<std::string> name;  // absent: PostgreSQL makes one up
  bool if_not_exists = false;       // then an INVALID index of that name would be kept as if it were built
};

// What a REINDEX CONCURRENTLY rebuilds the indexes of.
struct IndexRebuild {
  enum class Of { index, table, schema, database };
  Of of = Of::index;
  std::optional<std::string> schema;  // of the index or table, where it is written
  std::string name;
};

struct Statement {
  std::string text;        // from its first token to its last, without the semicolon
  std::size_t offset = 0;  // of the text in the script, in bytes
  int line = 1;            // of the file
  StatementKind kind = StatementKind::ordinary;
  std::string_view name;  // how to call it in an error ("CREATE INDEX CONCURRENTLY"); empty for an ordinary one
  Repeatability repeatability = Repeatability::once;
  SessionEffect session_effect = SessionEffect::none;
};

// Where the scanner stopped before the end of a script.
struct Unread {
  std::size_t offset = 0;  // in bytes
  int line = 1;            // of the file
  // What begins there and is never closed: "quoted string", "/* comment"; empty if it stopped for another reason, such
  // as syntax of a newer server.
  std::string open;
};

// Nothing for a script that the scanner reads to its end: then no quote, comment or dollar quote reaches into what
// stands behind it.
std::optional<Unread> unread(const Script& script);

// The line of the first string constant '…' with a backslash in it, which a session with standard_conforming_strings
// off reads as an escape.
std::optional<int> line_with_backslash(const Script& script);

// The statements in order; empty ones and comments between them are left out. Holds those of one piece (pieces.h) at a
// time.
class Statements {
 public:
  // The script outlives this.
  explicit Statements(const Script& script) : pieces_{script.sql}, line_{script.first_line} {}

  std::optional<Statement> next();

 private:
  Pieces pieces_;
  std::size_t offset_ = 0;  // of the next piece
  int line_;
  std::vector<Statement> ready_;
  std::size_t at_ = 0;  // of the next that is ready
};

// All of them at once.
std::vector<Statement> split(const Script& script);

// How many statements the script has.
std::size_t statement_count(const Script& script);

// The first statement that the parser does not take, as its index; for an error of the server's grammar that names no
// place.
std::optional<std::size_t> first_unparsable(const Script& script);

// The names under which the script's PREPARE statements prepare something, as PostgreSQL holds them; each once.
std::vector<std::string> prepared_names(const Script& script);

// The index that the statement builds concurrently; nothing if it is another statement, or has no tree
// (statement_tree.h). Names are as PostgreSQL holds them: unquoted ones folded to lower case, quotes undone.
std::optional<IndexBuild> index_build(const Statement& statement);

// The same of a REINDEX CONCURRENTLY.
std::optional<IndexRebuild> index_rebuild(const Statement& statement);

}  // namespace slipway
