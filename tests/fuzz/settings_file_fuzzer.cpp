#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "error/error.h"
#include "settings/settings_file.h"

// Any text is a settings file or an Error of bad configuration that says file and line.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    for (const auto& [key, value] : slipway::parse_settings_file(text, "slipway.toml"))
      if (value.texts.empty() || value.line < 1) std::abort();
  } catch (const slipway::Error& error) {
    if (error.exit_code() == slipway::ExitCode::bad_configuration && error.message().starts_with("slipway.toml:"))
      return 0;
    std::cerr << error.message() << '\n';
    std::abort();
  }
  return 0;
}
