#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fixture/postgres.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"

// A user's project for one test: a folder with migrations/, a database of its own on a real server, and slipway run in
// that folder with DATABASE_URL set.

namespace slipway::fixture {

class Project {
 public:
  explicit Project(Postgres& server = shared_postgres());

  // Writes migrations/NAME with both markers; `options` stand behind migrate:up ("transaction:false").
  void write(std::string_view name, std::string_view up, std::string_view down = "SELECT 1;",
             std::string_view options = "");
  void write_file(std::string_view path, std::string_view text);
  void remove(std::string_view path);

  // The example of most tests: 001 makes table `one`, 002 makes table `two`; each writes a row into `audit`, which
  // nothing makes unique, so that a revision applied twice shows.
  void write_two_revisions();

  // Environment variables of every run, beside DATABASE_URL; an empty value takes one away.
  void set(std::string name, std::string value);

  // What slipway is run with, for a test that runs it in its own way.
  ProgramOptions options() const;

  Finished run(const std::vector<std::string>& arguments);
  std::unique_ptr<Program> start(const std::vector<std::string>& arguments);

  // Until the query counts something, while the program runs. Throws with its words where it has ended first.
  void wait_until(Program& program, const std::string& counting_query) const;

  // A row a head, sorted.
  std::vector<std::string> heads() const;
  // "001 upgrade done", a row an entry, in order.
  std::vector<std::string> journal() const;

  const Database& database() const noexcept { return database_; }
  const std::filesystem::path& folder() const noexcept { return folder_.path(); }

 private:
  Database database_;
  TempFolder folder_;
  std::map<std::string, std::string> environment_;
};

}  // namespace slipway::fixture
