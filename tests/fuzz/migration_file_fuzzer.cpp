#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/utf8.h"
#include "error/error.h"
#include "revision/id_rules.h"
#include "revision/native_format.h"

// A migration file is read or refused with file and line; what was read is part of the file, at the line it says.

namespace {

using slipway::Script;

void check_script(const std::string& content, const Script& script) {
  const std::size_t at = content.find(script.sql);
  if (at == std::string::npos) std::abort();
  // The script begins at the line that it says: only line ends stand before, as many as lines.
  std::size_t begin = std::string::npos;
  for (slipway::Lines lines{content}; const auto line = lines.next();)
    if (line->number == script.first_line) begin = line->begin;
  if (begin == std::string::npos ? !script.sql.empty() : content.compare(begin, script.sql.size(), script.sql) != 0)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content{reinterpret_cast<const char*>(data), size};
  if (slipway::first_not_utf8(content) || content.find('\0') != std::string::npos) return 0;
  try {
    const slipway::Revision revision = slipway::read_native_file({.path = "m/1_a.sql", .content = content});
    if (slipway::wrong_with_revision_id(revision.id.str())) std::abort();
    if (revision.message.find_first_of("\r\n\x1b") != std::string::npos) std::abort();
    check_script(content, revision.upgrade);
    if (revision.downgrade) check_script(content, *revision.downgrade);
  } catch (const slipway::Error& error) {
    const bool tells = error.message().starts_with("m/1_a.sql:") && !error.hint().empty();
    if (!tells || error.exit_code() != slipway::ExitCode::bad_migrations) std::abort();
  }
  return 0;
}
