#include "sql/quoting.h"

namespace slipway {
namespace {

std::string doubled(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += c;
    result += c;
  }
  return result;
}

}  // namespace

std::string OfflineQuoting::literal(std::string_view text) const {
  if (text.find('\\') == std::string_view::npos) return "'" + doubled(text, "'") + "'";
  return "E'" + doubled(text, "'\\") + "'";
}

std::string OfflineQuoting::identifier(std::string_view name) const {
  return "\"" + doubled(name, "\"") + "\"";
}

}  // namespace slipway
