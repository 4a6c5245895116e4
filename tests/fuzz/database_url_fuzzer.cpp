#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "error/error.h"
#include "settings/connection_uri.h"
#include "settings/database_url.h"

// Any text is a database URL or an Error of bad configuration; what is one is read back from its own URI, and neither
// its masked text nor an error tells anything of the password.

namespace {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << what << '\n';
  std::abort();
}

using slipway::DatabaseUrl;

// What is said of a URL is the same whatever its passwords are.
void check_masks(const DatabaseUrl& url) {
  for (const std::string_view keyword : {"password", "sslpassword"}) {
    if (!url.parameter(keyword)) continue;
    auto parameters = url.parameters();
    for (auto& [name, value] : parameters)
      if (name == keyword) value = "another";
    const auto other = DatabaseUrl::of(parameters);
    require(other.masked() == url.masked(), "a masked URL tells of its password");
    require(other.host_description() == url.host_description(), "a host's description tells of the password");
  }
}

void check(const DatabaseUrl& url) {
  require(DatabaseUrl::parse(url.to_uri()) == url, "a URL is not read back from its own URI");
  require(DatabaseUrl::parse(url.masked()).masked() == url.masked(), "a masked URL is not stable");
  check_masks(url);
}

constexpr std::string_view seeds_password = "hunter2";

// Where the seeds' password stands as one, whatever became of the text around it: in a URI between a colon and an @,
// in keywords and values behind the word. `nowhere` if it does not.
constexpr auto nowhere = std::string_view::npos;

std::size_t find_password(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (!slipway::is_uri(text.substr(begin))) {
    const auto word = text.find("password");
    return word == nowhere ? nowhere : text.find(seeds_password, word);
  }
  const auto colon = text.find(':', text.find("://") + 3);
  const auto place = colon == nowhere ? nowhere : text.find(seeds_password, colon);
  return place == nowhere || text.find('@', place) == nowhere ? nowhere : place;
}

std::string words(const slipway::Error& error) {
  return error.message() + "\n" + error.hint();
}

std::string words_about(std::string_view text) {
  try {
    DatabaseUrl::parse(text);
  } catch (const slipway::Error& error) {
    return words(error);
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    check(slipway::DatabaseUrl::parse(text));
  } catch (const slipway::Error& error) {
    require(error.exit_code() == slipway::ExitCode::bad_configuration, "an error has the wrong exit code");
    if (const auto place = find_password(text); place != nowhere) {
      std::string other{text};
      other.replace(place, seeds_password.size(), "sesame3");
      require(words_about(other) == words(error), "an error tells of a password");
    }
  }
  return 0;
}
