#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "error/error.h"
#include "settings/database_url.h"

// Any text is a database URL or an Error of bad configuration; what is one is read back from its own URI, and neither
// its masked text nor an error shows the password.

namespace {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << what << '\n';
  std::abort();
}

// One long enough that nothing else holds it by chance.
bool shows(const std::string& text, std::string_view secret) {
  return secret.size() >= 6 && std::string_view{"sslpassword=***"}.find(secret) == std::string_view::npos &&
         text.find(secret) != std::string::npos;
}

void check(const slipway::DatabaseUrl& url) {
  using slipway::DatabaseUrl;
  require(DatabaseUrl::parse(url.to_uri()) == url, "a URL is not read back from its own URI");
  require(DatabaseUrl::parse(url.masked()).masked() == url.masked(), "a masked URL is not stable");
  static_cast<void>(url.host_description());
  for (const std::string_view keyword : {"password", "sslpassword"}) {
    const auto secret = url.parameter(keyword);
    if (!secret) continue;
    auto others = url.parameters();
    std::erase_if(others, [&](const auto& parameter) { return parameter.first == keyword; });
    const auto without = DatabaseUrl::of(others);
    if (shows(without.masked() + without.host_description(), *secret)) continue;  // the user wrote it twice
    require(!shows(url.masked() + url.host_description(), *secret), "a URL shows its password");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    check(slipway::DatabaseUrl::parse(text));
  } catch (const slipway::Error& error) {
    require(error.exit_code() == slipway::ExitCode::bad_configuration, "an error has the wrong exit code");
    // The seeds have this password; whatever becomes of the text around it, as long as it stands where one may.
    constexpr std::string_view password = "hunter2";
    const auto scheme = text.find("://");
    const auto begin = text.find(':', scheme == std::string_view::npos ? 0 : scheme + 3);
    const auto place = text.find(password, begin == std::string_view::npos ? text.size() : begin);
    const bool is_one = place != std::string_view::npos && text.find('@', place) != std::string_view::npos;
    require(!is_one || !shows(error.message() + error.hint(), password), "an error shows a password");
  }
  return 0;
}
