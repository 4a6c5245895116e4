#include "container/container.h"

#include <array>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <signal.h>
#include <unistd.h>

namespace slipway::fixture {
namespace {

constexpr const char* client = "/usr/bin/docker";
constexpr const char* image = "debian:bookworm-slim";
constexpr const char* programs = "/programs";

std::string mounted(const std::filesystem::path& folder, const std::string& place) {
  return "type=bind,readonly,src=" + folder.string() + ",dst=" + place;
}

// What each of them begins with; the id of the test's process and a number follow.
std::string names_of_this_machine() {
  std::array<char, 65> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string name = std::string{"slipway-test-"}.append(host.data()).append("-");
  for (char& c : name)  // compose takes no others for a project
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  return name;
}

void remove(const std::string& container) {
  docker({"rm", "--force", "--volumes", container});
}

struct Kind {
  std::vector<std::string> list;
  std::vector<std::string> remove;
};

// What uses another goes before it.
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {.list = {"ps", "--all", "--format={{.Names}}"}, .remove = {"rm", "--force", "--volumes"}},
      {.list = {"network", "ls", "--format={{.Name}}"}, .remove = {"network", "rm"}},
      {.list = {"volume", "ls", "--format={{.Name}}"}, .remove = {"volume", "rm"}},
  };
  return all;
}

void remove_what_killed_tests_have_left() {
  const std::string prefix = names_of_this_machine();
  for (const Kind& kind : kinds()) {
    std::istringstream names{docker(kind.list).out};
    for (std::string name; names >> name;) {
      if (!name.starts_with(prefix)) continue;
      const auto test = static_cast<pid_t>(std::strtol(name.c_str() + prefix.size(), nullptr, 10));
      if (test <= 0 || ::kill(test, 0) == 0) continue;
      std::vector<std::string> words = kind.remove;
      words.push_back(name);
      docker(words);
    }
  }
}

bool engine_answers() {
  if (!std::filesystem::exists(client) || docker({"version"}).exit_code != 0) return false;
  remove_what_killed_tests_have_left();
  return true;
}

}  // namespace

bool has_engine() {
  static const bool answers = engine_answers();
  return answers || std::getenv("CI") != nullptr;
}

ProgramOptions client_options() {
  ProgramOptions options;
  if (const char* host = std::getenv("DOCKER_HOST")) options.environment["DOCKER_HOST"] = host;
  return options;
}

Finished docker(const std::vector<std::string>& arguments, std::chrono::seconds patience) {
  return Program{client, arguments, client_options()}.wait(patience);
}

std::vector<std::string> docker_run(const ContainerCommand& command) {
  std::vector<std::string> words{"run", "--network=none", "--mount", mounted(slipway_init().parent_path(), programs)};
  words.insert(words.end(), command.options.begin(), command.options.end());
  words.insert(words.end(), {"--entrypoint", std::string{programs} + "/slipway-init", image});
  words.insert(words.end(), command.init_options.begin(), command.init_options.end());
  words.emplace_back("--");
  words.insert(words.end(), command.application.begin(), command.application.end());
  return words;
}

ContainerName::ContainerName() {
  static std::atomic<int> count = 0;
  text_ = names_of_this_machine() + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

ContainerName::~ContainerName() {
  if (std::filesystem::exists(client)) remove(text_);
}

Container::Container(const ContainerCommand& command) {
  ContainerCommand named = command;
  named.options.insert(named.options.end(), {"--detach", "--name", name_.text()});
  const Finished started = docker(docker_run(named));
  if (started.exit_code != 0) throw std::runtime_error{"docker run: " + started.err};
}

Finished Container::stop() const {
  return docker({"stop", "--time=100", name_.text()});
}

Finished Container::restart() const {
  return docker({"restart", "--time=100", name_.text()});
}

Finished Container::signal(std::string_view name) const {
  return docker({"kill", "--signal", std::string{name}, name_.text()});
}

Finished Container::execute(const std::vector<std::string>& command) const {
  std::vector<std::string> words{"exec", name_.text()};
  words.insert(words.end(), command.begin(), command.end());
  return docker(words);
}

int Container::wait() const {
  const Finished waited = docker({"wait", name_.text()});
  if (waited.exit_code != 0) throw std::runtime_error{"docker wait: " + waited.err};
  return std::stoi(waited.out);
}

std::string Container::out() const {
  return docker({"logs", name_.text()}).out;
}

std::string Container::err() const {
  return docker({"logs", name_.text()}).err;
}

bool Container::wait_for_out(std::string_view text) const {
  return Supervised::wait_until([&] { return out().find(text) != std::string::npos; });
}

}  // namespace slipway::fixture
