#include "context.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <unistd.h>

#include "database/password_file.h"
#include "log/log.h"
#include "settings/options.h"
#include "status/termination_log.h"

namespace slipway {
namespace {

// Either of the two, because a person may have redirected the other.
bool has_terminal() {
  return ::isatty(STDIN_FILENO) == 1 || ::isatty(STDERR_FILENO) == 1;
}

}  // namespace

const ResolvedSettings& Context::resolved() {
  if (!resolved_) {
    resolved_ = resolve(flags_, environment_, std::filesystem::current_path());
    const Settings& settings = resolved_->settings;
    log::open({.format = settings.output.log_format,
               .level = settings.output.log_level,
               .color = settings.output.color,
               .database = has_database() || has_scratch_server() ? database_description() : std::string{}});
    for (const std::string& note : resolved_->notes)
      log::debug("settings.note", note);
  }
  return *resolved_;
}

std::vector<std::filesystem::path> Context::migrations_folders() {
  std::vector<std::filesystem::path> folders;
  for (const std::filesystem::path& folder : settings().migrations) {
    const std::filesystem::path near = folder.lexically_proximate(std::filesystem::current_path());
    folders.push_back(near.empty() || *near.begin() == ".." ? folder : near);
  }
  return folders;
}

std::optional<std::filesystem::path> Context::termination_log() const {
  if (resolved_ && resolved_->settings.orchestrator.termination_log)
    return resolved_->settings.orchestrator.termination_log;
  const Option& row = option("termination-log");
  if (const auto flag = flags_.find(std::string{row.key}); flag != flags_.end()) return flag->second;
  if (const auto value = environment_.get(row.variable).value_or(""); !value.empty()) return value;
  return default_termination_log();
}

StopSignals& Context::signals() {
  if (!signals_) signals_ = std::make_unique<StopSignals>();
  return *signals_;
}

const Graph& Context::graph() {
  if (!graph_) graph_ = Graph::link(read_folder(migrations_folders(), EmptyFolder::warn));
  return *graph_;
}

void Context::require_migrations() {
  if (settings().allow_empty || (graph_ && graph_->size() > 0)) return;
  graph_ = Graph::link(read_folder(migrations_folders(), EmptyFolder::refuse));
}

Ledger Context::ledger() {
  return Ledger{{.version_table = settings().database.version_table, .schema = settings().database.version_schema}};
}

Ledger Context::ledger_for(const Graph& graph) {
  std::size_t longest_id = 0;
  for (const Revision& revision : graph)
    longest_id = std::max(longest_id, revision.id.str().size());
  return Ledger{{.version_table = settings().database.version_table, .schema = settings().database.version_schema},
                longest_id};
}

bool Context::has_scratch_server() {
  return settings().database.url && settings().database.url->kind() == DatabaseUrl::Kind::scratch;
}

std::string Context::database_description() {
  return settings().database.url.value_or(DatabaseUrl::of({})).host_description();
}

bool Context::has_database() {
  if (has_scratch_server()) return !settings().database.url->scratch_folder().empty();
  if (settings().database.url) return true;
  constexpr std::array names{"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"};
  return std::ranges::any_of(names, [this](const char* name) { return !environment_.get(name).value_or("").empty(); });
}

DatabaseUrl Context::url() {
  if (!has_scratch_server()) return settings().database.url.value_or(DatabaseUrl::of({}));
  if (!scratch_) scratch_ = std::make_unique<ScratchServer>(*settings().database.url, signals());
  return scratch_->url();
}

DatabaseUrl Context::with_password_file(const DatabaseUrl& url) {
  WithPasswordFile with = slipway::with_password_file(url);
  if (!with.complaint.empty() && with.complaint != complaint_) {
    log::warning("password_file.ignored", with.complaint);
    complaint_ = with.complaint;
  }
  return with.url;
}

SessionOptions Context::connection(Access access) {
  return {.url = with_password_file(url()),
          .connect_timeout = settings().wait.connect_timeout,
          .role = settings().database.role,
          .access = access};
}

std::optional<SessionOptions> Context::direct_connection() {
  if (!settings().database.direct_url) return std::nullopt;
  SessionOptions direct = connection(Access::read_write);
  direct.url = with_password_file(settings().database.direct_url->with_settings_of(direct.url));
  return direct;
}

WaitPolicy Context::wait_policy(WaitsByDefault waits) {
  // The time that a server needs to start on a machine that is starting everything else too.
  constexpr std::chrono::seconds usual_wait{60};
  const bool waits_now = waits == WaitsByDefault::always || !has_terminal();
  const std::chrono::milliseconds by_default = waits_now ? usual_wait : std::chrono::seconds::zero();
  return {.timeout = settings().wait.timeout.value_or(by_default), .grace = settings().wait.grace};
}

}  // namespace slipway
