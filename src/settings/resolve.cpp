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

template <typename Value>
using Choice = std::pair<string_view, Value>;

// In step with the choices of options(); a test holds them together.
constexpr std::array checksum_policies{Choice<ChecksumPolicy>{"error", ChecksumPolicy::error},
                                       Choice<ChecksumPolicy>{"warn", ChecksumPolicy::warn},
                                       Choice<ChecksumPolicy>{"ignore", ChecksumPolicy::ignore}};
constexpr std::array out_of_order_policies{Choice<OutOfOrderPolicy>{"refuse", OutOfOrderPolicy::refuse},
                                           Choice<OutOfOrderPolicy>{"allow", OutOfOrderPolicy::allow}};
constexpr std::array ahead_policies{Choice<AheadPolicy>{"refuse", AheadPolicy::refuse},
                                    Choice<AheadPolicy>{"allow", AheadPolicy::allow}};
constexpr std::array log_levels{
    Choice<log::Level>{"trace", log::Level::trace}, Choice<log::Level>{"debug", log::Level::debug},
    Choice<log::Level>{"info", log::Level::info}, Choice<log::Level>{"warning", log::Level::warning},
    Choice<log::Level>{"error", log::Level::error}};
constexpr std::array log_formats{Choice<log::Format>{"text", log::Format::text},
                                 Choice<log::Format>{"json", log::Format::json},
                                 Choice<log::Format>{"logfmt", log::Format::logfmt}};
constexpr std::array colors{Choice<log::Color>{"auto", log::Color::automatic},
                            Choice<log::Color>{"always", log::Color::always},
                            Choice<log::Color>{"never", log::Color::never}};
constexpr std::array result_formats{Choice<ResultFormat>{"text", ResultFormat::text},
                                    Choice<ResultFormat>{"json", ResultFormat::json}};

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1: PostgreSQL cuts off what is longer

// A value as an error may repeat it.
string repeated(string_view text) {
  constexpr std::size_t longest = 80;
  return text.size() > longest ? "the value" : "\"" + mask_passwords(text) + "\"";
}

// Reads one setting after the other, and keeps a row of each for `slipway config`.
class Reader {
 public:
  explicit Reader(const Sources& sources) : sources_{sources} {
    for (const Option& row : options())
      effective_.push_back({row.key, {}, "default"});
  }

  std::optional<string> text(string_view key) {
    const auto given = take(key);
    if (!given) return std::nullopt;
    show(key, mask_passwords(given->texts.front()));
    return given->texts.front();
  }

  std::optional<string> name(string_view key) {
    const auto given = take(key);
    if (!given) return std::nullopt;
    const string& name = given->texts.front();
    if (name.size() > longest_name)
      throw bad(*given, repeated(name) + " is longer than PostgreSQL's 63 bytes for a name", "choose a shorter one");
    show(key, mask_passwords(name));
    return name;
  }

  std::string version_table() {
    string table = name("version-table").value();
    if (const auto dot = table.find('.'); dot != string::npos)
      throw bad(*take("version-table"), repeated(table) + " has a dot in it",
                "name the schema by version-schema, and the table alone by version-table");
    return table;
  }

  std::optional<std::chrono::milliseconds> duration(string_view key) {
    const auto given = take(key);
    if (!given) return std::nullopt;
    const auto duration = parse_duration(given->texts.front());
    if (!duration) throw bad(*given, repeated(given->texts.front()) + " is not a duration", string{duration_form});
    show(key, to_string(*duration));
    return duration;
  }

  bool toggle(string_view key) {
    const auto given = take(key).value();
    const auto is_on = parse_toggle(given.texts.front());
    if (!is_on) throw bad(given, repeated(given.texts.front()) + " is neither true nor false", string{toggle_form});
    show(key, *is_on ? "true" : "false");
    return *is_on;
  }

  std::optional<ListenAddress> address(string_view key) {
    const auto given = take(key);
    if (!given) return std::nullopt;
    auto address = parse_listen_address(given->texts.front());
    if (!address)
      throw bad(*given, repeated(given->texts.front()) + " is not an address to listen on",
                string{listen_address_form});
    show(key, to_string(*address));
    return address;
  }

  std::optional<std::filesystem::path> path(string_view key) {
    const auto given = take(key);
    if (!given) return std::nullopt;
    std::filesystem::path path = (given->folder / given->texts.front()).lexically_normal();
    show(key, path.string());
    return path;
  }

  std::vector<std::filesystem::path> paths(string_view key) {
    const auto given = take(key).value();
    std::vector<std::filesystem::path> paths;
    string shown;
    for (const string& text : given.texts) {
      paths.push_back((given.folder / text).lexically_normal());
      shown += (shown.empty() ? "" : ":") + paths.back().string();
    }
    show(key, shown);
    return paths;
  }

  template <typename Value, std::size_t count>
  Value choice(string_view key, const std::array<Choice<Value>, count>& values) {
    const auto given = take(key).value();
    const auto found = std::ranges::find(values, given.texts.front(), &Choice<Value>::first);
    if (found != values.end()) {
      show(key, given.texts.front());
      return found->second;
    }
    const auto choices = option(key).choices;
    const std::vector<string> candidates{choices.begin(), choices.end()};
    throw bad(given, repeated(given.texts.front()) + " is none of " + join(choices),
              did_you_mean(given.texts.front(), candidates));
  }

  // The one that slipway connects to. Where that is migration-database-url, database-url is the application's alone,
  // and may be of a form that slipway does not know.
  std::optional<DatabaseUrl> database_url() {
    const auto given = take("database-url");
    const auto for_migrations = take_of_database("migration-database-url");
    if (!for_migrations) return given ? std::optional{url("database-url", *given)} : std::nullopt;
    DatabaseUrl migration_url = url("migration-database-url", *for_migrations);
    if (migration_url.kind() == DatabaseUrl::Kind::scratch)
      throw bad(*for_migrations, "a scratch server can't be for migrations alone", "write scratch: as database-url");
    if (given) show_application_url(*given, *for_migrations);
    return migration_url;
  }

  std::optional<DatabaseUrl> direct_url() {
    const auto given = take_of_database("direct-url");
    if (!given) return std::nullopt;
    DatabaseUrl direct = url("direct-url", *given);
    if (direct.kind() == DatabaseUrl::Kind::scratch)
      throw bad(*given, "a scratch server has no pooler to get past", "leave it out");
    return direct;
  }

  std::optional<std::chrono::milliseconds> kill_idle_in_transaction() {
    const auto given = take("kill-blockers");
    if (!given) return std::nullopt;
    constexpr string_view whom = "idle-in-transaction:";
    const string_view text = given->texts.front();
    const auto duration = text.starts_with(whom) ? parse_duration(text.substr(whom.size())) : std::nullopt;
    if (!duration)
      throw bad(*given, repeated(text) + " does not say whom to end, and after how long",
                "write idle-in-transaction:30s");
    show("kill-blockers", string{whom} + to_string(*duration));
    return duration;
  }

  void config() {
    if (const auto given = take("config")) show("config", given->texts.front());
  }

  std::vector<EffectiveSetting> effective() && { return std::move(effective_); }

 private:
  static Error bad(const Given& given, const string& what, const string& hint) {
    return {given.exit_code, given.place + ": " + what, hint};
  }

  std::optional<Given> take(string_view key) {
    auto given = sources_.find(option(key));
    if (given) effective_row(key).source = given->source;
    return given;
  }

  bool is_typed(string_view key) const { return sources_.is_typed(option(key)); }

  // A URL beside the one that was typed counts only where it was typed too: whoever types a database means that one,
  // whatever the environment has for another.
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
    throw bad(for_migrations, "a scratch server needs no other URL for migrations", "leave one of the two out");
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
  resolved.settings = {
      .database_url = read.database_url(),
      .direct_url = read.direct_url(),
      .role = read.name("role"),
      .migrations = read.paths("migrations"),
      .version_table = read.version_table(),
      .version_schema = read.name("version-schema"),
      .wait_timeout = read.duration("wait-timeout"),
      .wait_grace = read.duration("wait-grace").value(),
      .connect_timeout = read.duration("connect-timeout").value(),
      .lock_timeout = read.duration("lock-timeout").value(),
      .lock_wait = read.duration("lock-wait").value(),
      .statement_timeout = read.duration("statement-timeout").value(),
      .kill_idle_in_transaction = read.kill_idle_in_transaction(),
      .checksums = read.choice("checksums", checksum_policies),
      .out_of_order = read.choice("out-of-order", out_of_order_policies),
      .ahead = read.choice("ahead", ahead_policies),
      .empty_folder = read.toggle("allow-empty") ? EmptyFolderPolicy::allow : EmptyFolderPolicy::refuse,
      .migrate_with = read.text("migrate-with"),
      .log_level = read.choice("log-level", log_levels),
      .log_format = read.choice("log-format", log_formats),
      .color = read.choice("color", colors),
      .format = read.choice("format", result_formats),
      .prepare_listen = read.address("prepare-listen"),
      .termination_log = read.path("termination-log"),
      .metrics_file = read.path("metrics-file")};
  if (resolved.settings.database_url) resolved.notes = resolved.settings.database_url->notes();
  resolved.effective = std::move(read).effective();
  return resolved;
}

}  // namespace slipway
