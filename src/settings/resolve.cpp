#include "settings/resolve.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "settings/mask.h"
#include "settings/options.h"
#include "settings/sources.h"

namespace slipway {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1: PostgreSQL truncates longer names

// The value, in a form that an error may quote.
string repeated(string_view text) {
  constexpr std::size_t longest = 80;
  return text.size() > longest ? "the value" : "\"" + mask_passwords(text) + "\"";
}

Error bad(const Given& given, const string& what, const string& hint) {
  return {given.exit_code, given.place + ": " + what, hint};
}

// The value of a text, and the form in which a user would write it.
struct Read {
  SettingValue value;
  string shown;
};

Read read_name(const Given& given) {
  const string& name = given.texts.front();
  if (name.size() > longest_name)
    throw bad(given, repeated(name) + " is longer than 63 bytes, PostgreSQL's limit for a name",
              "choose a shorter one");
  return {name, mask_passwords(name)};
}

Read read_table(const Given& given) {
  Read table = read_name(given);
  if (given.texts.front().find('.') != string::npos)
    throw bad(given, repeated(given.texts.front()) + " contains a dot",
              "name the schema by version-schema, and the table alone by version-table");
  return table;
}

Read read_duration(const Given& given) {
  const auto duration = parse_duration(given.texts.front());
  if (!duration) throw bad(given, repeated(given.texts.front()) + " is not a duration", string{duration_form});
  return {*duration, to_string(*duration)};
}

Read read_blockers(const Given& given) {
  constexpr string_view whom = "idle-in-transaction:";
  const string_view text = given.texts.front();
  const auto duration = text.starts_with(whom) ? parse_duration(text.substr(whom.size())) : std::nullopt;
  if (!duration)
    throw bad(given, repeated(text) + " does not say which sessions to end, and after how long",
              "write idle-in-transaction:30s");
  return {*duration, string{whom} + to_string(*duration)};
}

Read read_address(const Given& given) {
  const auto address = parse_listen_address(given.texts.front());
  if (!address)
    throw bad(given, repeated(given.texts.front()) + " is not an address to listen on", string{listen_address_form});
  return {*address, to_string(*address)};
}

Read read_path(const Given& given) {
  const std::filesystem::path path = (given.folder / given.texts.front()).lexically_normal();
  return {path, path.string()};
}

Read read_paths(const Given& given) {
  std::vector<std::filesystem::path> paths;
  string shown;
  for (const string& text : given.texts) {
    paths.push_back((given.folder / text).lexically_normal());
    shown += (shown.empty() ? "" : ":") + paths.back().string();
  }
  return {paths, shown};
}

Read read_choice(const Option& row, const Given& given) {
  const string& text = given.texts.front();
  const auto found = std::ranges::find(row.choices, text, &Choice::word);
  if (found != row.choices.end()) return {found->value, text};
  const std::vector<string> words = choice_words(row);
  throw bad(given, repeated(text) + " is not one of " + join(words, ", "), did_you_mean(text, words));
}

Read read_toggle(const Given& given) {
  const string& text = given.texts.front();
  const auto is_on = parse_toggle(text);
  if (!is_on) throw bad(given, repeated(text) + " is neither true nor false", string{toggle_form});
  return {int{*is_on}, *is_on ? "true" : "false"};
}

Read read_setting(const Option& row, const Given& given) {
  switch (row.kind) {
    case OptionKind::name:
      return read_name(given);
    case OptionKind::table:
      return read_table(given);
    case OptionKind::address:
      return read_address(given);
    case OptionKind::path:
      return read_path(given);
    case OptionKind::paths:
      return read_paths(given);
    case OptionKind::duration:
      return read_duration(given);
    case OptionKind::blockers:
      return read_blockers(given);
    case OptionKind::choice:
      return read_choice(row, given);
    case OptionKind::toggle:
      return read_toggle(given);
    case OptionKind::text:
    case OptionKind::url:
      break;
  }
  return {given.texts.front(), mask_passwords(given.texts.front())};
}

// Reads the settings one by one, and keeps a row for each for `slipway config`.
class Reader {
 public:
  explicit Reader(const Sources& sources) : sources_{sources} {
    for (const Option& row : options())
      effective_.push_back({row.key, {}, "default"});
  }

  // Reads all settings that do not depend on another setting.
  void store_in(Settings& settings) {
    for (const Option& row : options()) {
      if (row.store == nullptr) continue;
      const auto given = take(row.key);
      if (!given) continue;
      Read read = read_setting(row, *given);
      show(row.key, std::move(read.shown));
      row.store(settings, std::move(read.value));
    }
  }

  // The URL that slipway connects to. If migration-database-url is set, only the application uses database-url, which
  // may then have a form that slipway does not know.
  std::optional<DatabaseUrl> database_url() {
    const auto given = take("database-url");
    const auto for_migrations = take_of_database("migration-database-url");
    if (!for_migrations) return given ? std::optional{url("database-url", *given)} : std::nullopt;
    DatabaseUrl migration_url = url("migration-database-url", *for_migrations);
    if (migration_url.kind() == DatabaseUrl::Kind::scratch)
      throw bad(*for_migrations, "a scratch server can't be used only for migrations",
                "write scratch: as database-url");
    if (given) show_application_url(*given, *for_migrations);
    return migration_url;
  }

  std::optional<DatabaseUrl> direct_url() {
    const auto given = take_of_database("direct-url");
    if (!given) return std::nullopt;
    DatabaseUrl direct = url("direct-url", *given);
    if (direct.kind() == DatabaseUrl::Kind::scratch)
      throw bad(*given, "a scratch server has no pooler to bypass", "leave it out");
    return direct;
  }

  void config() {
    if (const auto given = take("config")) show("config", given->texts.front());
  }

  std::vector<EffectiveSetting> effective() && { return std::move(effective_); }

 private:
  std::optional<Given> take(string_view key) {
    auto given = sources_.find(option(key));
    if (given) effective_row(key).source = given->source;
    return given;
  }

  bool is_typed(string_view key) const { return sources_.is_typed(option(key)); }

  // If a database's URL is given as a flag, the other URLs count only if they are flags too: the user means that
  // database, even if the environment names another one.
  std::optional<Given> take_of_database(string_view key) {
    const bool a_database_is_typed = is_typed("database-url") || is_typed("migration-database-url");
    return a_database_is_typed && !is_typed(key) ? std::nullopt : take(key);
  }

  static DatabaseUrl parsed(const Given& given) {
    try {
      return DatabaseUrl::parse(given.texts.front());
    } catch (const Error& error) {
      throw bad(given, error.message(), error.hint());
    }
  }

  DatabaseUrl url(string_view key, const Given& given) {
    DatabaseUrl url = parsed(given);
    show(key, url.masked());
    return url;
  }

  void show_application_url(const Given& given, const Given& for_migrations) {
    show("database-url", "***");
    try {
      const DatabaseUrl url = DatabaseUrl::parse(given.texts.front());
      show("database-url", url.masked());
      if (url.kind() == DatabaseUrl::Kind::server) return;
    } catch (const Error&) {
      return;
    }
    throw bad(for_migrations, "a scratch server can't be combined with another URL for migrations",
              "unset one of the two");
  }

  EffectiveSetting& effective_row(string_view key) {
    return *std::ranges::find(effective_, key, &EffectiveSetting::key);
  }

  void show(string_view key, string value) { effective_row(key).value = std::move(value); }

  const Sources& sources_;
  std::vector<EffectiveSetting> effective_;
};

}  // namespace

ResolvedSettings resolve(const Flags& flags, const Environment& environment, const std::filesystem::path& folder) {
  const Sources sources{flags, environment, folder};
  Reader read{sources};
  read.config();
  ResolvedSettings resolved;
  resolved.settings.database.url = read.database_url();
  resolved.settings.database.direct_url = read.direct_url();
  read.store_in(resolved.settings);
  if (const auto& url = resolved.settings.database.url) resolved.notes = url->notes();
  resolved.effective = std::move(read).effective();
  return resolved;
}

}  // namespace slipway
