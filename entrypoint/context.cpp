#include "context.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "log/log.h"
#include "revision/folder.h"

namespace slipway {

const ResolvedSettings& Context::resolved() {
  if (!resolved_) {
    resolved_ = resolve(flags_, environment_, std::filesystem::current_path());
    const Settings& settings = resolved_->settings;
    log::open(settings.log_format, settings.log_level, settings.color);
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

StopSignals& Context::signals() {
  if (!signals_) signals_ = std::make_unique<StopSignals>();
  return *signals_;
}

const Graph& Context::graph() {
  if (!graph_) graph_ = Graph::link(read_folder(migrations_folders()));
  return *graph_;
}

Ledger Context::ledger() {
  return Ledger{{.version_table = settings().version_table, .schema = settings().version_schema}};
}

bool Context::has_scratch_server() {
  return settings().database_url && settings().database_url->kind() == DatabaseUrl::Kind::scratch;
}

bool Context::has_database() {
  if (has_scratch_server()) return !settings().database_url->scratch_folder().empty();
  if (settings().database_url) return true;
  constexpr std::array names{"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"};
  return std::ranges::any_of(names, [this](const char* name) { return !environment_.get(name).value_or("").empty(); });
}

DatabaseUrl Context::url() {
  if (!has_scratch_server()) return settings().database_url.value_or(DatabaseUrl::of({}));
  if (!scratch_) scratch_ = std::make_unique<ScratchServer>(*settings().database_url, signals());
  return scratch_->url();
}

SessionOptions Context::connection(Access access) {
  return {.url = url(), .connect_timeout = settings().connect_timeout, .role = settings().role, .access = access};
}

WaitPolicy Context::wait_policy(std::chrono::milliseconds timeout_by_default) {
  return {.timeout = settings().wait_timeout.value_or(timeout_by_default), .grace = settings().wait_grace};
}

RunPolicy Context::run_policy() {
  return {.lock_timeout = settings().lock_timeout,
          .statement_timeout = settings().statement_timeout,
          .lock_wait = settings().lock_wait,
          .checksums = settings().checksums,
          .out_of_order = settings().out_of_order,
          .ahead = settings().ahead};
}

}  // namespace slipway
