#include "help.h"

#include <CLI/App.hpp>

namespace slipway {
namespace {

constexpr std::size_t option_column = 30;

bool takes_application(const CLI::App& command) {
  return command.get_name() == "run";
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(option_column);
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  const bool is_slipway = app->get_parent() == nullptr;
  if (is_slipway)
    return app->get_description() + "\n\nUsage: slipway COMMAND [OPTIONS]\n" + make_subcommands(app, mode) +
           "\nThe settings, for every command. Each is an environment variable and a key of slipway.toml too; `slipway "
           "config`\n"
           "shows what is in force.\n" +
           make_groups(app, mode) + "\n" + app->get_footer() + "\n";
  std::string usage = "Usage: slipway " + app->get_name() + " [OPTIONS]";
  for (const CLI::Option* option : app->get_options({}))
    if (option->get_positional())
      usage += option->get_required() ? " " + option->get_name() : " [" + option->get_name() + "]";
  if (takes_application(*app)) usage += " [--] APPLICATION [ARGUMENTS]";
  static_cast<void>(name);
  return app->get_description() + ".\n\n" + usage + "\n\n" + app->get_footer() + "\n" + make_positionals(app) +
         make_groups(app, mode) + "\nAnd the settings: `slipway --help` lists them.\n";
}

}  // namespace slipway
