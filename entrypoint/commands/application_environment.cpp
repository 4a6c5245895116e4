#include "commands/application_environment.h"

#include "settings/options.h"

namespace slipway {

Environment application_environment(Context& context) {
  Environment environment = context.environment();
  for (const std::string_view name : variables_withheld_from_application())
    environment.remove(name);
  if (context.has_scratch_server()) environment.set("DATABASE_URL", context.url().to_uri());
  return environment;
}

Environment migrator_environment(Context& context) {
  Environment environment = application_environment(context);
  // As it was written, where it was written into a variable: the tool may want its driver's form.
  if (const auto migration_url = context.environment().get("MIGRATION_DATABASE_URL");
      migration_url && !migration_url->empty())
    environment.set("DATABASE_URL", *migration_url);
  else if (context.settings().database_url && !environment.get("DATABASE_URL"))
    environment.set("DATABASE_URL", context.url().to_uri());
  return environment;
}

}  // namespace slipway
