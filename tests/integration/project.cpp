#include "integration/project.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace slipway::fixture {

Project::Project(Postgres& server) : database_{server} {
  std::filesystem::create_directory(folder_.path() / "migrations");
  environment_["DATABASE_URL"] = database_.url();
}

void Project::write(std::string_view name, std::string_view up, std::string_view down, std::string_view options) {
  write_file("migrations/" + std::string{name}, "-- migrate:up" + (options.empty() ? "" : " " + std::string{options}) +
                                                    "\n" + std::string{up} + "\n-- migrate:down\n" + std::string{down} +
                                                    "\n");
}

void Project::write_file(std::string_view path, std::string_view text) {
  folder_.write(path, text);
}

void Project::remove(std::string_view path) {
  std::filesystem::remove(folder_.path() / path);
}

void Project::write_two_revisions() {
  write(
      "001_one.sql",
      "CREATE TABLE audit (revision text);\nCREATE TABLE one (id int PRIMARY KEY);\nINSERT INTO audit VALUES ('001');",
      "DROP TABLE one;\nDROP TABLE audit;");
  write("002_two.sql", "CREATE TABLE two (id int PRIMARY KEY);\nINSERT INTO audit VALUES ('002');", "DROP TABLE two;");
}

void Project::set(std::string name, std::string value) {
  if (value.empty())
    environment_.erase(name);
  else
    environment_[std::move(name)] = std::move(value);
}

ProgramOptions Project::options() const {
  return {.environment = environment_, .folder = folder_.path(), .blocked_signals = {}};
}

Finished Project::run(const std::vector<std::string>& arguments) {
  return start(arguments)->wait();
}

std::unique_ptr<Program> Project::start(const std::vector<std::string>& arguments) {
  return std::make_unique<Program>(slipway(), arguments, options());
}

void Project::wait_until(Program& program, const std::string& counting_query) const {
  while (database_.value(counting_query) == "0") {
    if (!program.is_running()) throw std::runtime_error{"it has ended: " + program.err()};
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

std::vector<std::string> Project::heads() const {
  return database_.rows("SELECT version_num FROM alembic_version ORDER BY 1");
}

std::vector<std::string> Project::journal() const {
  return database_.rows("SELECT revision || ' ' || action || ' ' || state FROM slipway_journal ORDER BY id");
}

}  // namespace slipway::fixture
