#include "fault/mixed_project.h"

#include <cstdlib>
#include <map>
#include <regex>
#include <stdexcept>
#include <string_view>

namespace slipway::fixture {
namespace {

struct File {
  std::string_view name;
  std::string_view text;
};

// Two lines of revisions in the middle, which a merge joins.
constexpr File files[] = {
    {"001_base.sql", R"(-- revision: 001
-- revises:
-- migrate:up
CREATE TABLE audit (revision text);
CREATE TABLE customers (id int PRIMARY KEY, name text, mood text);
INSERT INTO customers SELECT i, 'customer ' || i, 'fine' FROM generate_series(1, 300) i;
INSERT INTO audit VALUES ('001');
)"},
    {"002_orders.sql", R"(-- revision: 002
-- revises: 001
-- migrate:up
CREATE TYPE state AS ENUM ('open', 'paid');
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, state state);
INSERT INTO audit VALUES ('002');
)"},
    {"003_index.sql", R"(-- revision: 003
-- revises: 002
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY customers_name ON customers (name);
INSERT INTO audit VALUES ('003');
)"},
    {"004_trigger.sql", R"(-- revision: 004
-- revises: 003
-- migrate:up
CREATE FUNCTION upper_name() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.name := upper(NEW.name);
  RETURN NEW;
END;
$body$;
CREATE TRIGGER upper_name BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION upper_name();
INSERT INTO audit VALUES ('004');
)"},
    {"005_enum.sql", R"(-- revision: 005
-- revises: 004
-- migrate:up transaction:false
INSERT INTO audit VALUES ('005');
ALTER TYPE state ADD VALUE 'sent';
VACUUM customers;
)"},
    {"006_left.sql", R"(-- revision: 006
-- revises: 005
-- migrate:up
ALTER TABLE customers ADD COLUMN born date;
INSERT INTO audit VALUES ('006');
)"},
    {"007_right.sql", R"(-- revision: 007
-- revises: 005
-- migrate:up
ALTER TABLE orders ADD COLUMN amount numeric NOT NULL DEFAULT 0;
INSERT INTO audit VALUES ('007');
)"},
    {"008_merge.sql", R"(-- revision: 008
-- revises: 006, 007
-- migrate:up
INSERT INTO audit VALUES ('008');
)"},
    {"009_data.sql", R"(-- revision: 009
-- revises: 008
-- migrate:up
UPDATE customers SET born = '2000-01-01' WHERE born IS NULL;
ALTER TABLE customers ALTER COLUMN born SET NOT NULL;
INSERT INTO audit VALUES ('009');
)"},
    {"010_rebuild.sql", R"(-- revision: 010
-- revises: 009
-- migrate:up transaction:false
REINDEX TABLE CONCURRENTLY customers;
CREATE UNIQUE INDEX CONCURRENTLY orders_customer ON orders (customer, id);
INSERT INTO audit VALUES ('010');
)"},
    {"011_view.sql", R"(-- revision: 011
-- revises: 010
-- migrate:up
CREATE VIEW rich AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer;
COMMENT ON VIEW rich IS 'Größe zählt; auch hier';
INSERT INTO audit VALUES ('011');
)"},
    {"012_last.sql", R"(-- revision: 012
-- revises: 011
-- migrate:up
DO $$ BEGIN EXECUTE 'CREATE TABLE last (id int)'; END $$;
INSERT INTO audit VALUES ('012');
)"},
};

}  // namespace

MixedProject::MixedProject(Postgres& server) : Project{server} {
  for (const File& file : files)
    write_file("migrations/" + std::string{file.name}, file.text);
}

std::string MixedProject::state() const {
  std::string text;
  for (const char* query :
       {"SELECT 'head ' || version_num FROM alembic_version ORDER BY 1",
        "SELECT concat_ws(' ', 'journal', revision, action, state, token_checksum, byte_checksum, statements, "
        "statements_done, finished_at IS NOT NULL) FROM slipway_journal ORDER BY id",
        "SELECT 'audit ' || revision || ' ' || count(*) FROM audit GROUP BY revision ORDER BY 1",
        "SELECT 'customers ' || count(*) || ' ' || min(born) FROM customers",
        "SELECT 'INVALID ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid ORDER BY 1",
        "SELECT 'lock ' || count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM "
        "pg_database WHERE datname = current_database())"})
    for (const std::string& row : database().rows(query))
      text += row + "\n";
  const Finished dump = fixture::run("/usr/bin/pg_dump", {"-d", database().url(), "--schema-only", "--no-sync"});
  if (dump.exit_code != 0) throw std::runtime_error{"pg_dump: " + dump.err};
  // Newer ones make up a key for each dump.
  static const std::regex key{R"(\\(un)?restrict [^\n]*\n)"};
  return text + std::regex_replace(dump.out, key, "");
}

const std::string& MixedProject::expected_state(Postgres& server) {
  static std::map<const Postgres*, std::string> states;
  std::string& known = states[&server];
  if (!known.empty()) return known;
  MixedProject undisturbed{server};
  const Finished upgrade = undisturbed.run({"upgrade"});
  if (upgrade.exit_code != 0) throw std::runtime_error{"an undisturbed run failed: " + upgrade.err};
  known = undisturbed.state();
  return known;
}

bool all_faults() {
  const char* const wanted = std::getenv("SLIPWAY_FAULTS");
  return wanted != nullptr && std::string_view{wanted} == "all";
}

}  // namespace slipway::fixture
