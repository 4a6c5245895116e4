#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The database URL, in any of the forms that applications use:
//   1) a URI as libpq has it (PostgreSQL: "Connection URIs"): `postgresql://` or `postgres://`, several hosts, IPv6 in
//      brackets, percent-encoding, unix sockets; and the same under the schemes of other drivers and frameworks;
//   2) SQLAlchemy's URLs with a driver, `postgresql+asyncpg://`, and several hosts as `?host=a:5432&host=b:5432`;
//   3) JDBC's, `jdbc:postgresql://`;
//   4) libpq's keywords and values, `host=localhost dbname=app`;
//   5) Npgsql's, `Host=localhost;Database=app`;
//   6) `scratch:` and `scratch:/path`, a server that slipway starts.
//
// Query parameters that only a driver knows are translated if libpq has an equivalent, and otherwise left out. libpq
// takes what the URL does not say from its PG* variables when it connects.
//
// It is printed with its secrets masked, and its errors never contain a password.

namespace slipway {

class DatabaseUrl {
 public:
  enum class Kind { server, scratch };
  using Parameter = std::pair<std::string, std::string>;  // keyword and value

  // Throws Error (bad_configuration) if `text` is not understood. Reads no environment and connects to
  // nothing.
  static DatabaseUrl parse(std::string_view text);

  // From libpq's keywords and values, unchanged.
  static DatabaseUrl of(std::vector<Parameter> parameters);

  Kind kind() const noexcept { return kind_; }

  // The folder of a scratch server's data; empty for a temporary folder.
  const std::filesystem::path& scratch_folder() const noexcept { return scratch_folder_; }

  // For PQconnectStartParams with expand_dbname 0 (a database may be named "a=b"). Sorted by keyword, each keyword
  // once, no value empty. Contains the password.
  const std::vector<Parameter>& parameters() const noexcept { return parameters_; }

  // This URL with the session settings of the other, such as the search path, unless it has its own.
  DatabaseUrl with_settings_of(const DatabaseUrl& other) const;

  // The value of one parameter.
  std::optional<std::string_view> parameter(std::string_view keyword) const;

  // The URI with `***` for every secret.
  std::string masked() const;

  // The URI in full, including the password, for the application's environment. `scheme` is for applications that need
  // the scheme of their driver, such as postgresql+asyncpg.
  std::string to_uri(std::string_view scheme = "postgresql") const;

  // "localhost:5432/app", "a:5432,b:5433/app", "/run/postgresql:5432/app": for logs and errors, without a secret. Parts
  // that the URL leaves out are taken from libpq's PG* variables and defaults.
  std::string host_description() const;

  // A sentence for each parameter that was left out or translated, for the debug log. No values, no secrets.
  const std::vector<std::string>& notes() const noexcept { return notes_; }

  // Writes masked().
  friend std::ostream& operator<<(std::ostream& stream, const DatabaseUrl& url);

  // Whether they are equal, except for the notes.
  friend bool operator==(const DatabaseUrl& a, const DatabaseUrl& b);

 private:
  DatabaseUrl() = default;

  Kind kind_ = Kind::server;
  std::filesystem::path scratch_folder_;
  std::vector<Parameter> parameters_;
  std::vector<std::string> notes_;
};

}  // namespace slipway
