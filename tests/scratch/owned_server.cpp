#include "scratch/owned_server.h"

#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <pqxx/pqxx>

#include "fixture/postgres.h"

namespace slipway {

namespace fs = std::filesystem;
using fixture::Program;
using fixture::TempFolder;
using namespace std::chrono_literals;

const std::string& installed_versions() {
  static const TempFolder folder;
  static const std::string path = [] {
    const std::string version = fixture::run(fixture::server_programs() / "postgres", {"--version"}).out;
    fs::create_directory_symlink(fixture::server_programs().parent_path(),
                                 folder.path() / std::to_string(std::stoi(version.substr(version.find(") ") + 2))));
    return folder.path().string();
  }();
  return path;
}

bool comes_true(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

std::vector<std::string> processes_of(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& process : fs::directory_iterator{"/proc"}) {
    if (process.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code none;
    const std::string command = fixture::read_file(process.path() / "cmdline");
    const fs::path current = fs::read_symlink(process.path() / "cwd", none);
    if (command.find(folder.native() + "/") != std::string::npos || current.native().starts_with(folder.native() + "/"))
      found.push_back(process.path().filename().string() + " " + command);
  }
  return found;
}

// The server's user must get to the temporary folder, and write to it.
ScratchServerTest::ScratchServerTest() {
  fs::permissions(temporary_.path(), fs::perms::all | fs::perms::sticky_bit);
}

Program ScratchServerTest::owner(const std::vector<std::string>& command, const std::string& url,
                                 const std::string& versions) {
  std::vector<std::string> arguments{url, versions};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return Program{SCRATCH_OWNER, arguments, {.environment = environment(), .folder = {}, .blocked_signals = {}}};
}

std::map<std::string, std::string> ScratchServerTest::environment() const {
  std::map<std::string, std::string> variables{{"TMPDIR", temporary_.path().string()}, {"PGPORT", "1"}};
  if (path_) variables["PATH"] = *path_;
  return variables;
}

std::string ScratchServerTest::url_of(Program& program) {
  if (!program.wait_for_out("\n", 60s)) throw std::runtime_error{"no server: " + program.err()};
  const std::string text = program.out();
  return text.substr(0, text.find('\n'));
}

std::vector<std::string> ScratchServerTest::left() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{temporary_.path()}) {
    const std::string name = entry.path().filename().string();
    // ThreadSanitizer's own, of a program that was killed while it started.
    if (!name.starts_with("tsan.rodata.")) names.push_back(name);
  }
  return names;
}

void ScratchServerTest::expect_nothing_left() const {
  EXPECT_TRUE(comes_true([&] { return left().empty(); })) << testing::PrintToString(left());
  EXPECT_TRUE(comes_true([&] { return processes_of(temporary_.path()).empty(); }))
      << testing::PrintToString(processes_of(temporary_.path()));
}

std::string ScratchServerTest::ask(const std::string& url, const std::string& query) {
  pqxx::connection connection{url};
  return pqxx::nontransaction{connection}.exec1(query)[0].c_str();
}

void ScratchServerTest::tell(const std::string& url, const std::string& statement) {
  pqxx::connection connection{url};
  pqxx::nontransaction{connection}.exec(statement);
}

pid_t ScratchServerTest::server() const {
  return std::stoi(fixture::read_file(folder() / "data" / "postmaster.pid"));
}

pid_t ScratchServerTest::parent_of(pid_t process) {
  const std::string status = fixture::read_file("/proc/" + std::to_string(process) + "/status");
  return std::stoi(status.substr(status.find("PPid:") + 5));
}

}  // namespace slipway
