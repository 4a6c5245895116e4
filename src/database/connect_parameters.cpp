#include "database/connect_parameters.h"

#include <algorithm>
#include <array>
#include <memory>

#include <libpq-fe.h>

#include "database/system_roots.h"
#include "process/environment.h"
#include "settings/socket_files.h"

namespace slipway {
namespace {

struct Variable {
  std::string_view keyword;
  const char* name;
};

// The keywords whose values slipway needs before it connects.
constexpr std::array looked_up{
    Variable{"host", "PGHOST"},
    Variable{"hostaddr", "PGHOSTADDR"},
    Variable{"port", "PGPORT"},
    Variable{"target_session_attrs", "PGTARGETSESSIONATTRS"},
    Variable{"options", "PGOPTIONS"},
    Variable{"sslmode", "PGSSLMODE"},
    Variable{"sslrootcert", "PGSSLROOTCERT"},
    Variable{"passfile", "PGPASSFILE"},
};

struct Default {
  std::string_view keyword;
  const char* value;
};

// slipway's defaults for keywords that are not set, in place of libpq's. With them slipway notices a silently cut
// network within half a minute.
constexpr std::array defaults{
    Default{"fallback_application_name", "slipway"},
    Default{"keepalives_idle", "10"},
    Default{"keepalives_interval", "5"},
    Default{"keepalives_count", "3"},
    Default{"tcp_user_timeout", "30000"},
};

// The parameters that libpq would connect with. Only libpq's connecting functions read the service that a connection
// string names. This calls one of them, with a value that it refuses before it connects. The password keeps it from
// reading a password file.
ConnectParameters completed_by_libpq(ConnectParameters parameters) {
  set(parameters, "password", "-");
  set(parameters, "channel_binding", "none such");
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectStart(connection_string(parameters).c_str()),
                                                                &PQfinish};
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known{PQconninfo(connection.get()),
                                                                           &PQconninfoFree};
  ConnectParameters completed;
  for (const PQconninfoOption* option = known.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    // A compiled-in default is not the user's choice.
    const bool is_default = option->compiled != nullptr && std::string_view{option->val} == option->compiled;
    if (!is_default) completed.emplace_back(option->keyword, option->val);
  }
  return completed;
}

// Whether no other source may set the keyword. If the URL has a host, by name or by address, neither `host` nor
// `hostaddr` may come from elsewhere.
bool is_settled(const ConnectParameters& parameters, std::string_view keyword) {
  if (!value_of(parameters, keyword).empty()) return true;
  const bool is_host = keyword == "host" || keyword == "hostaddr";
  return is_host && !(value_of(parameters, "host").empty() && value_of(parameters, "hostaddr").empty());
}

}  // namespace

std::string_view value_of(const ConnectParameters& parameters, std::string_view keyword) {
  const auto found = std::ranges::find(parameters, keyword, &ConnectParameters::value_type::first);
  return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

void set(ConnectParameters& parameters, std::string_view keyword, std::string value) {
  const auto found = std::ranges::find(parameters, keyword, &ConnectParameters::value_type::first);
  if (found == parameters.end())
    parameters.emplace_back(keyword, std::move(value));
  else
    found->second = std::move(value);
}

std::string connection_string(const ConnectParameters& parameters) {
  std::string text;
  for (const auto& [keyword, value] : parameters) {
    text += (text.empty() ? "" : " ") + keyword + "='";
    for (const char character : value) {
      if (character == '\'' || character == '\\') text += '\\';
      text += character;
    }
    text += '\'';
  }
  return text;
}

ConnectParameters with_what_stands_elsewhere(const ConnectParameters& given) {
  const bool has_service = !value_of(given, "service").empty() || !environment_variable("PGSERVICE").empty();
  const ConnectParameters completed = has_service ? completed_by_libpq(given) : ConnectParameters{};
  ConnectParameters result = given;
  for (const auto& [keyword, variable] : looked_up) {
    if (is_settled(given, keyword)) continue;
    std::string value = has_service ? std::string{value_of(completed, keyword)} : environment_variable(variable);
    if (!value.empty()) set(result, keyword, std::move(value));
  }
  return result;
}

ConnectParameters connect_parameters(const DatabaseUrl& url) {
  ConnectParameters parameters = with_what_stands_elsewhere(url.parameters());
  split_socket_files(parameters);
  name_system_roots(parameters);
  for (const auto& [keyword, value] : defaults)
    if (value_of(parameters, keyword).empty()) set(parameters, keyword, value);
  // Migrations are UTF-8, whatever encoding the application uses.
  set(parameters, "client_encoding", "UTF8");
  return parameters;
}

}  // namespace slipway
