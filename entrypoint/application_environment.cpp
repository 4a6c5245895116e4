#include "application_environment.h"

#include "error/error.h"
#include "settings/database_url.h"
#include "settings/options.h"

namespace slipway {
namespace {

bool names(std::string_view text, const DatabaseUrl& url) {
  try {
    return DatabaseUrl::parse(text) == url;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Environment application_environment(Context& context) {
  Environment environment = context.environment();
  for (const std::string_view name : variables_withheld_from_application())
    environment.remove(name);
  if (context.has_scratch_server()) environment.set("DATABASE_URL", context.url().to_uri());
  return environment;
}

Environment migrator_environment(Context& context) {
  Environment environment = application_environment(context);
  const auto& url = context.settings().database.url;
  if (!url || context.has_scratch_server()) return environment;
  environment.set("DATABASE_URL", url->to_uri());
  // If the URL came from a variable, the tool gets it as it was written there, because its driver may need that form.
  for (const char* name : {"DATABASE_URL", "MIGRATION_DATABASE_URL"})
    if (const auto written = context.environment().get(name); written && names(*written, *url))
      environment.set("DATABASE_URL", *written);
  return environment;
}

}  // namespace slipway
