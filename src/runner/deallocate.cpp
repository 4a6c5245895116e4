#include "runner/deallocate.h"

#include "base/text.h"

namespace slipway {

std::string deallocate(const Quoting& quoting, std::span<const std::string> names) {
  if (names.empty()) return {};
  return "DO $slipway$ DECLARE prepared pg_catalog.text; BEGIN FOR prepared IN SELECT p.name FROM "
         "pg_catalog.pg_prepared_statements p WHERE p.name OPERATOR(pg_catalog.=) ANY (ARRAY[" +
         join(names, ", ", [&](const std::string& name) { return quoting.literal(name); }) +
         "]::pg_catalog.text[]) LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', prepared); END LOOP; END $slipway$;\n";
}

}  // namespace slipway
