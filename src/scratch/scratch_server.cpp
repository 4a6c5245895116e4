#include "scratch/scratch_server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hex.h"
#include "base/text.h"
#include "base/wait.h"
#include "database/session.h"
#include "error/error.h"
#include "log/log.h"
#include "process/signal_name.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

constexpr const char* port = "5432";
constexpr std::chrono::milliseconds between_tries{10};

Error wrong(const std::string& message, const std::string& hint) {
  return Error{ExitCode::bad_configuration, message, hint};
}

std::string first_line(const fs::path& file) {
  std::ifstream stream{file};
  std::string line;
  std::getline(stream, line);
  return line;
}

// Whether the folder has the programs of one version.
bool is_complete(const fs::path& programs) {
  return ::access((programs / "initdb").c_str(), X_OK) == 0 && ::access((programs / "postgres").c_str(), X_OK) == 0;
}

std::vector<int> installed_versions(const fs::path& versions) {
  std::vector<int> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{versions, none}) {
    const std::string name = entry.path().filename();
    int version = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), version);
    if (problem == std::errc{} && end == name.data() + name.size() && is_complete(entry.path() / "bin"))
      found.push_back(version);
  }
  std::ranges::sort(found, std::ranges::greater{});
  return found;
}

fs::path programs_in_path() {
  const char* path = std::getenv("PATH");
  for (fs::path folder : split(path == nullptr ? "" : path, ':'))
    if (folder.is_absolute() && is_complete(folder)) return folder;
  return {};
}

fs::path find_programs(const fs::path& versions, const fs::path& data) {
  const std::vector<int> installed = installed_versions(versions);
  const std::string wanted = first_line(data / "PG_VERSION");
  for (const int version : installed)
    if (wanted.empty() || wanted == std::to_string(version)) return versions / std::to_string(version) / "bin";
  if (installed.empty()) {
    if (fs::path programs = programs_in_path(); !programs.empty()) return programs;
    throw wrong("a scratch database needs PostgreSQL's server programs, but there are none in " + versions.string() +
                    "/*/bin or in PATH",
                "install them (Debian: `apt-get install postgresql`), or use the URL of a server");
  }
  throw wrong(data.parent_path().string() + " contains the data of PostgreSQL " + wanted + ", which is not installed",
              "install it (Debian: `apt-get install postgresql-" + wanted + "`), or use another folder");
}

ServerUser to_server_user(const passwd& entry) {
  ServerUser user{.name = entry.pw_name, .uid = entry.pw_uid, .gid = entry.pw_gid, .groups = {}};
  int count = 64;
  user.groups.resize(static_cast<std::size_t>(count));
  ::getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &count);
  user.groups.resize(static_cast<std::size_t>(std::clamp(count, 0, 64)));
  return user;
}

std::optional<ServerUser> find_user(const fs::path& data) {
  if (::geteuid() != 0) return std::nullopt;
  struct stat status {};
  if (!data.empty() && ::stat(data.c_str(), &status) == 0 && status.st_uid != 0)
    if (const passwd* owner = ::getpwuid(status.st_uid)) return to_server_user(*owner);
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* entry = ::getpwnam(name); entry != nullptr && entry->pw_uid != 0) return to_server_user(*entry);
  throw wrong("PostgreSQL refuses to run as root, and neither the user postgres nor the user nobody exists",
              "add the user postgres, or run slipway as a user other than root");
}

// The folder of the socket. The socket's path must fit into sockaddr_un (unix(7)).
std::string socket_folder() {
  const std::string name = "slipway-scratch-" + random_hex(12);
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - sizeof "/.s.PGSQL.5432.lock";
  std::error_code none;
  const fs::path folder = fs::temp_directory_path(none) / name;
  return none || !folder.is_absolute() || folder.native().size() > longest ? "/tmp/" + name : folder.string();
}

void check_home(const fs::path& home) {
  std::error_code problem;
  if (!fs::exists(home, problem)) return;
  bool empty = true;
  bool ours = false;
  for (fs::directory_iterator entry{home, problem}; !problem && entry != fs::directory_iterator{};
       entry.increment(problem)) {
    const std::string name = entry->path().filename();
    if (name == scratch_home::lock) ours = true;
    if (name != "lost+found") empty = false;
  }
  if (problem)
    throw wrong("can't use " + home.string() + " for a scratch database: " + problem.message(), "use another folder");
  if (!empty && !ours)
    throw wrong(home.string() + " contains something other than a scratch database",
                "use a folder that is empty or does not exist");
}

// Made if it is not there; an empty one is given to the user that runs the server. Root gives nothing away that a
// link leads to: in a folder that somebody else may write to, that could be any.
void make_home(const fs::path& home, const std::optional<ServerUser>& user) {
  std::error_code problem;
  fs::create_directories(home, problem);
  if (problem) throw wrong("can't create " + home.string() + ": " + problem.message(), "use another folder");
  if (!user) return;
  const fs::path last =
      home.has_filename() ? home : home.parent_path();  // with a trailing slash, open() would follow a link
  const Descriptor folder{::open(last.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!folder && (errno == ELOOP || errno == ENOTDIR))
    throw wrong("can't give " + home.string() + " to the user " + user->name + ": it is a symbolic link",
                "name the folder that it leads to");
  if (!folder || ::fchown(folder.number(), user->uid, user->gid) != 0)
    throw wrong("can't give " + home.string() + " to the user " + user->name + ": " + std::strerror(errno),
                "use another folder");
}

KeeperPlan plan_for(const DatabaseUrl& scratch, const fs::path& versions) {
  const fs::path& kept = scratch.scratch_folder();
  KeeperPlan plan{};
  plan.folder = socket_folder();
  plan.home = kept.empty() ? plan.folder : kept.string();
  const fs::path data = kept.empty() ? fs::path{} : kept / scratch_home::data;
  if (!kept.empty()) check_home(kept);
  plan.has_data = !kept.empty() && fs::exists(data);
  const fs::path programs = find_programs(versions, data);
  plan.initdb = programs / "initdb";
  plan.postgres = programs / "postgres";
  plan.user = find_user(data);
  if (!kept.empty() && !plan.has_data) make_home(kept, plan.user);
  // As root, slipway may start the application as any other user, who needs access to the socket.
  plan.folder_mode = plan.user ? 0711 : 0700;
  plan.password = plan.has_data ? first_line(kept / scratch_home::password) : random_hex(32);
  plan.role = ScratchServer::role;
  plan.settings = {"listen_addresses=", std::string{"port="} + port, "dynamic_shared_memory_type=mmap",
                   "logging_collector=off", "log_destination=stderr"};
  if (kept.empty()) {
    plan.initdb_options = {"--no-sync", "--wal-segsize=1"};
    plan.settings.insert(plan.settings.end(), {"fsync=off", "synchronous_commit=off", "full_page_writes=off"});
  }
  return plan;
}

DatabaseUrl url_of(const KeeperPlan& plan, const char* database) {
  return DatabaseUrl::of({{"host", plan.folder},
                          {"port", port},
                          {"user", ScratchServer::role},
                          {"password", plan.password},
                          {"dbname", database}});
}

std::string how_it_ended(int wait_status) {
  if (WIFSIGNALED(wait_status)) return "was killed by " + signal_name(WTERMSIG(wait_status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(wait_status));
}

std::string end_of_log(const KeeperPlan& plan) {
  std::ifstream stream{fs::path{plan.home} / scratch_home::log};
  std::deque<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    lines.push_back(line);
    if (lines.size() > 8) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines)
    text += "\n  " + line;
  return text;
}

Error failure(const KeeperReport& report, const KeeperPlan& plan) {
  const std::string whom = plan.user ? "the user " + plan.user->name : "the user that slipway runs as";
  const std::string reason = std::strerror(report.errno_value);
  switch (report.step) {
    case KeeperStep::become_user:
      return wrong("can't run PostgreSQL as the user " + plan.user->name + ": " + reason,
                   "run slipway as another user, or with the capabilities SETUID and SETGID");
    case KeeperStep::make_folder:
      return wrong("can't create the scratch server's folder " + plan.folder + ": " + reason,
                   "set TMPDIR to a folder that " + whom + " can write to");
    case KeeperStep::lock_home:
      if (report.errno_value == EWOULDBLOCK)
        return wrong("a scratch server is already running on " + plan.home,
                     "stop the slipway that uses it, or use another folder");
      [[fallthrough]];
    case KeeperStep::write_home:
      return wrong("can't write to " + plan.home + ": " + reason,
                   "give " + whom + " permission to enter it and to write there");
    case KeeperStep::make_data:
      return Error{ExitCode::unavailable, "initdb " + how_it_ended(report.wait_status) + end_of_log(plan)};
    case KeeperStep::start_server:
      return Error{ExitCode::unavailable, "can't start " + plan.postgres + ": " + reason};
    default:
      return Error{ExitCode::unavailable, "the scratch server " + how_it_ended(report.wait_status) + end_of_log(plan)};
  }
}

void wait_until_ready(ScratchKeeper& keeper, const KeeperPlan& plan, StopSignals& signals) {
  const std::string server = "host=" + plan.folder + " port=" + port;
  for (bool started = false; !started || PQping(server.c_str()) != PQPING_OK;) {
    wait({readable(keeper.descriptor()), readable(signals.descriptor())},
         started ? Deadline::after(between_tries) : Deadline::never());
    signals.check();
    const auto report = keeper.report();
    if (!report) continue;
    if (report->step != KeeperStep::started) throw failure(*report, plan);
    started = true;
  }
}

// If it is not there; returns the server's version.
int make_database(const KeeperPlan& plan, StopSignals& signals) {
  try {
    Session session{{.url = url_of(plan, "postgres"), .role = {}}, signals};
    const std::string name = ScratchServer::database;
    if (session.query("SELECT FROM pg_database WHERE datname = " + session.literal(name)).front().size() == 0)
      session.query("CREATE DATABASE " + session.identifier(name));
    return session.server_version();
  } catch (const ConnectRefused& refused) {
    throw Error{ExitCode::unavailable, "can't connect to the scratch server: " + refused.failure.reason};
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable,
                "the connection to the scratch server was lost: " + lost.reason + end_of_log(plan)};
  }
}

}  // namespace

ScratchServer::ScratchServer(const DatabaseUrl& scratch, StopSignals& signals, const fs::path& versions)
    : ScratchServer{plan_for(scratch, versions), signals} {}

ScratchServer::ScratchServer(const KeeperPlan& plan, StopSignals& signals)
    : url_{url_of(plan, database)}, keeper_{plan} {
  wait_until_ready(keeper_, plan, signals);
  const int version = make_database(plan, signals);
  log::info("scratch.ready", "a scratch PostgreSQL " + std::to_string(version / 10'000) + " is ready in " + plan.home,
            {{"folder", plan.home}});
}

}  // namespace slipway
