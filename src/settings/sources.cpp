#include "settings/sources.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "process/foreign_variable.h"
#include "settings/bounded_file.h"
#include "settings/secret_file.h"

namespace slipway {
namespace {

using std::string;
using std::string_view;

// An empty variable counts as not set, because compose files write `${NAME:-}`.
std::optional<string> variable(const Environment& environment, string_view name) {
  if (name.empty()) return std::nullopt;
  const auto value = environment.get(name);
  return value && !value->empty() ? std::optional{string{*value}} : std::nullopt;
}

void check_names(const Environment& environment) {
  constexpr string_view prefix = "SLIPWAY_";
  const std::vector<string> known = variable_names();
  for (const string_view name : environment.names()) {
    if (!name.starts_with(prefix) || name.starts_with("SLIPWAY_INIT_") || is_of_kubernetes(name)) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    string hint = did_you_mean(name, known);
    if (hint.empty()) hint = did_you_mean(name.substr(prefix.size()), known);
    if (hint.empty()) hint = "unset it, or run `slipway config` to list every setting";
    throw Error{ExitCode::bad_configuration, "there is no setting for the environment variable " + string{name}, hint};
  }
}

void check_flags(const Flags& flags) {
  for (const auto& [key, value] : flags) {
    if (std::ranges::find(options(), key, &Option::key) != options().end()) continue;
    std::vector<string> known;
    for (const Option& row : options())
      known.push_back("--" + string{row.key});
    throw Error{ExitCode::usage, "there is no setting for --" + key, did_you_mean("--" + key, known)};
  }
}

void check_not_both(const Environment& environment) {
  for (const Option& row : options())
    if (variable(environment, row.variable) && variable(environment, row.file_variable))
      throw Error{ExitCode::bad_configuration,
                  "both " + string{row.variable} + " and " + string{row.file_variable} + " are set",
                  "unset one of them"};
}

std::vector<string> texts_of(const Option& row, string_view text) {
  if (row.kind != OptionKind::paths) return {string{text}};
  const std::vector<string_view> paths = split(text, ':');
  return {paths.begin(), paths.end()};
}

}  // namespace

Sources::Sources(const Flags& flags, const Environment& environment, const std::filesystem::path& folder)
    : flags_{flags}, environment_{environment}, folder_{folder} {
  check_flags(flags);
  check_names(environment);
  check_not_both(environment);
  file_given_ = find_given(option("config"));
  if (file_given_) file_name_ = file_given_->texts.front();
  read_file();
}

void Sources::read_file() {
  const std::filesystem::path file = folder_ / file_name_;
  const bool is_there = std::filesystem::symlink_status(file).type() != std::filesystem::file_type::not_found;
  if (!file_given_ && !is_there) return;
  string text;
  try {
    text = read_bounded_file(file, file_name_, settings_file_limit);
  } catch (const Error& error) {
    if (!file_given_) throw;
    throw Error{file_given_->exit_code, file_given_->place + ": " + error.message(), error.hint()};
  }
  file_ = parse_settings_file(text, file_name_);
}

std::optional<Given> Sources::find(const Option& row) const {
  if (auto given = find_given(row)) return given;
  if (row.default_value.empty()) return std::nullopt;
  return Given{texts_of(row, row.default_value), "default", string{row.key}, ExitCode::internal, folder_};
}

std::optional<Given> Sources::find_given(const Option& row) const {
  auto given = find_flag(row);
  if (!given) given = find_variable(row);
  if (!given) given = find_in_file(row);
  if (given && std::ranges::find(given->texts, string{}) != given->texts.end())
    throw Error{given->exit_code,
                given->place + (given->texts.size() > 1 ? ": one of the values is empty" : ": the value is empty"),
                "give it a value, or leave it out"};
  return given;
}

std::optional<Given> Sources::find_flag(const Option& row) const {
  const auto flag = flags_.find(row.key);
  if (flag == flags_.end()) return std::nullopt;
  const string name = "--" + string{row.key};
  return Given{texts_of(row, flag->second), "flag " + name, name, ExitCode::usage, folder_};
}

std::optional<Given> Sources::find_variable(const Option& row) const {
  const string name{row.variable};
  if (const auto text = variable(environment_, name))
    return Given{texts_of(row, *text), "environment " + name, name, ExitCode::bad_configuration, folder_};
  const string file_variable{row.file_variable};
  const auto file = variable(environment_, file_variable);
  if (!file) return std::nullopt;
  try {
    return Given{{read_secret_file(folder_ / *file, *file)},
                 "file " + *file + " (" + file_variable + ")",
                 *file + " (" + file_variable + ")",
                 ExitCode::bad_configuration,
                 folder_};
  } catch (const Error& error) {
    throw Error{error.exit_code(), file_variable + ": " + error.message(), error.hint()};
  }
}

std::optional<Given> Sources::find_in_file(const Option& row) const {
  const auto found = file_.find(row.key);
  if (found == file_.end()) return std::nullopt;
  const string place = file_name_ + ":" + std::to_string(found->second.line);
  return Given{found->second.texts, place, place + ": " + string{row.key}, ExitCode::bad_configuration,
               (folder_ / file_name_).parent_path()};
}

}  // namespace slipway
