#include "input/folder.h"

#include <array>
#include <cstdio>
#include <functional>

namespace slipway::bench {
namespace {

std::string number(int step) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%05d", step);
  return text.data();
}

std::string make(int step) {
  const std::string table = "step_" + number(step);
  return "CREATE TABLE " + table + " (id bigint, name text);\nCREATE INDEX " + table + "_name ON " + table +
         " (name);\n";
}

std::string drop(int step) {
  return "DROP TABLE step_" + number(step) + ";\n";
}

constexpr auto alembic_ini = R"([alembic]
script_location = .
)";

constexpr auto alembic_env = R"(import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
)";

std::string alembic_revision(int step) {
  const std::string id = number(step);
  const std::string parent = step == 1 ? "None" : "\"" + number(step - 1) + "\"";
  const std::string table = "step_" + id;
  return "revision = \"" + id + "\"\ndown_revision = " + parent +
         "\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n    op.create_table(\"" + table +
         "\", sa.Column(\"id\", sa.BigInteger), sa.Column(\"name\", sa.Text))\n    op.create_index(\"" + table +
         "_name\", \"" + table + "\", [\"name\"])\n\n\ndef downgrade():\n    op.drop_table(\"" + table + "\")\n";
}

// A date that Sqitch takes, one second later for each.
std::string sqitch_date(int step) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "2024-01-01T%02d:%02d:%02dZ", step / 3600, step / 60 % 60, step % 60);
  return text.data();
}

}  // namespace

void write_revisions(const fixture::TempFolder& folder, int count) {
  for (int step = 1; step <= count; ++step)
    folder.write("migrations/" + number(step) + "_step.sql",
                 "-- migrate:up\n" + make(step) + "-- migrate:down\n" + drop(step));
}

void write_empty_revisions(const fixture::TempFolder& folder, int count) {
  for (int step = 1; step <= count; ++step)
    folder.write("migrations/" + number(step) + "_step.sql",
                 "-- migrate:up\nSELECT " + number(step) + ";\n-- migrate:down\nSELECT 0;\n");
}

void write_alembic_revisions(const fixture::TempFolder& folder, int count) {
  folder.write("alembic.ini", alembic_ini);
  folder.write("env.py", alembic_env);
  for (int step = 1; step <= count; ++step)
    folder.write("versions/" + number(step) + "_step.py", alembic_revision(step));
}

void write_node_revisions(const fixture::TempFolder& folder, int count) {
  for (int step = 1; step <= count; ++step)
    folder.write("node-pg-migrate/17000000" + number(step) + "_step.sql",
                 "-- Up Migration\n" + make(step) + "-- Down Migration\n" + drop(step));
}

void write_sqitch_changes(const fixture::TempFolder& folder, int count) {
  folder.write("sqitch/sqitch.conf", "[core]\n\tengine = pg\n[user]\n\tname = bench\n\temail = bench@example.org\n");
  std::string plan = "%syntax-version=1.0.0\n%project=bench\n\n";
  for (int step = 1; step <= count; ++step) {
    plan += "step_" + number(step) + " " + sqitch_date(step) + " bench <bench@example.org> # a step\n";
    folder.write("sqitch/deploy/step_" + number(step) + ".sql", "BEGIN;\n" + make(step) + "COMMIT;\n");
  }
  folder.write("sqitch/sqitch.plan", plan);
}

std::filesystem::path write_psql_script(const fixture::TempFolder& folder, int count) {
  std::string script;
  for (int step = 1; step <= count; ++step)
    script += "BEGIN;\n" + make(step) + "COMMIT;\n";
  return folder.write("all.sql", script);
}

std::string large_script(std::size_t bytes) {
  constexpr std::size_t line = 1000;
  std::string script = "CREATE TABLE many (id int, name text);\n";
  script.reserve(bytes + 2 * line);
  for (int i = 1; script.size() < bytes; ++i)
    script += "INSERT INTO many VALUES (" + std::to_string(i) + ", '" + std::string(line, 'x') + "');\n";
  return script;
}

}  // namespace slipway::bench
