#include "container/compose.h"

#include <chrono>
#include <sstream>
#include <thread>

namespace slipway::fixture {
namespace {

namespace fs = std::filesystem;

const fs::path root = SLIPWAY_SOURCE;
constexpr std::chrono::minutes patience{3};

// Compose v2 is a part of the docker command, 1.29 a program of its own.
bool is_plugin() {
  static const bool answers = docker({"compose", "version"}).exit_code == 0;
  return answers;
}

// The words behind "docker compose".
std::vector<std::string> arguments_of(std::string_view line) {
  std::istringstream stream{std::string{line}};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    if (word.starts_with('"')) {
      std::string rest;
      if (!word.ends_with('"') && std::getline(stream, rest, '"')) word += rest + '"';
      word = word.substr(1, word.size() - 2);
    }
    words.push_back(word);
  }
  words.erase(words.begin(), words.begin() + 2);
  return words;
}

}  // namespace

std::string image(std::string_view target) {
  return std::string{SLIPWAY_IMAGES "-"}.append(target);
}

bool wait_long_until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  return true;
}

Compose::Compose() {
  fs::copy(root / "docker-compose.yml", folder() / "docker-compose.yml");
  fs::copy(root / "migrations", folder() / "migrations");
  folder_.write("docker-compose.override.yml", "services:\n  backend: {image: " + image("backend") +
                                                   "}\n  migrations: {image: " + image("backend") + "}\n");
}

Compose::~Compose() {
  (*this)({"--profile", "migrations", "down", "--volumes", "--timeout", "1", "--remove-orphans"});
}

ProgramOptions Compose::options() const {
  ProgramOptions options = client_options();
  options.folder = folder();
  options.environment["BACKEND_PORT"] = "";  // any that is free
  return options;
}

std::vector<std::string> Compose::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{is_plugin() ? "/usr/bin/docker" : "/usr/bin/docker-compose"};
  if (is_plugin()) words.emplace_back("compose");
  words.insert(words.end(), {"--project-name", name_.text()});
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

Finished Compose::operator()(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words = command(arguments);
  const std::string program = words.front();
  words.erase(words.begin());
  return Program{program, words, options()}.wait(patience);
}

Finished Compose::run(std::string_view line) const {
  std::vector<std::string> words = arguments_of(line);
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word != "exec" && *word != "run") continue;
    words.insert(word + 1, "-T");
    break;
  }
  return (*this)(words);
}

Finished Compose::run_on_a_terminal(std::string_view line) const {
  std::string quoted;
  for (const std::string& word : command(arguments_of(line)))
    quoted += "'" + word + "' ";
  return Program{"/usr/bin/script", {"--quiet", "--return", "--command", quoted, "/dev/null"}, options()}.wait(
      patience);
}

std::vector<std::string> Compose::containers(std::string_view service) const {
  std::istringstream listed{
      docker({"ps", "--all", "--quiet", "--no-trunc", "--filter=label=com.docker.compose.project=" + name_.text(),
              "--filter=label=com.docker.compose.service=" + std::string{service}})
          .out};
  std::vector<std::string> ids;
  for (std::string id; listed >> id;)
    ids.push_back(id);
  return ids;
}

std::string Compose::log(std::string_view service) const {
  std::string text;
  for (const std::string& id : containers(service)) {
    const Finished logs = docker({"logs", id});
    text += logs.out + logs.err;
  }
  return text;
}

bool Compose::wait_for_log(std::string_view service, std::string_view text) const {
  return wait_long_until([&] { return log(service).find(text) != std::string::npos; });
}

std::string Compose::query(const std::string& sql) const {
  return (*this)({"exec", "-T", "db", "psql", "--username=app", "--dbname=app", "-Atc", sql}).out;
}

void Compose::write_migration(std::string_view name, std::string_view up) const {
  folder_.write(fs::path{"migrations"} / name,
                "-- revises: 002\n-- migrate:up\n" + std::string{up} + "\n-- migrate:down\n");
}

}  // namespace slipway::fixture
