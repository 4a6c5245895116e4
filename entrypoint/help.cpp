#include "help.h"

#include <sstream>

#include <CLI/App.hpp>

namespace slipway {
namespace {

constexpr std::size_t option_column = 30;
constexpr std::size_t page_width = 100;

bool takes_application(const CLI::App& command) {
  return command.get_name() == "run";
}

// Wraps the words, beginning at `column`.
std::string wrapped(const std::string& text, std::size_t column) {
  std::istringstream words{text};
  std::string lines;
  std::size_t end = column;
  for (std::string word; words >> word;) {
    const bool fits = end + 1 + word.size() <= page_width;
    if (!lines.empty()) lines += fits ? " " : "\n" + std::string(column, ' ');
    end = (fits ? end + (lines.empty() ? 0 : 1) : column) + word.size();
    lines += word;
  }
  return lines;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(option_column);
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  const bool is_slipway = app->get_parent() == nullptr;
  if (is_slipway)
    return app->get_description() + "\n\nUsage: slipway COMMAND [OPTIONS]\n" + make_subcommands(app, mode) +
           "\nSettings, for every command. You can also set each of them in an environment variable or in "
           "slipway.toml.\n"
           "`slipway config` shows the settings in force.\n\n" +
           make_groups(app, mode) + "\n" + app->get_footer() + "\n";
  std::string usage = "Usage: slipway " + app->get_name() + " [OPTIONS]";
  for (const CLI::Option* option : app->get_options({}))
    if (option->get_positional())
      usage += (option->get_required() ? " " + option->get_name() : " [" + option->get_name() + "]") +
               (option->get_items_expected_max() > 1 ? "…" : "");
  if (takes_application(*app)) usage += " [--] APPLICATION [ARGUMENTS]";
  static_cast<void>(name);
  return app->get_description() + ".\n\n" + usage + "\n\n" + app->get_footer() + "\n" + make_positionals(app) + "\n" +
         make_groups(app, mode) + "\nEvery command also takes the settings that `slipway --help` lists.\n";
}

std::string HelpFormatter::make_group(std::string group, bool is_positional,
                                      std::vector<const CLI::Option*> options) const {
  std::string text = is_positional ? "\n" : group + ":\n";
  for (const CLI::Option* option : options)
    text += make_option(option, is_positional);
  return text;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string left = "  " + (is_positional ? option->get_name() : option->get_name(false, true));
  // CLI11 shows {allow}, the value of the bare flag, where a reader expects the name of the value.
  if (const std::size_t bare = left.find('{'); bare != std::string::npos)
    left.replace(bare, std::string::npos, "[=" + option->get_type_name() + "]");
  for (std::size_t comma = left.find(','); comma != std::string::npos; comma = left.find(',', comma + 2))
    left.insert(comma + 1, " ");
  if (!is_positional && !option->get_type_name().empty() && option->get_items_expected_max() > 0)
    left += " " + option->get_type_name();
  left += left.size() + 2 <= option_column ? std::string(option_column - left.size(), ' ')
                                           : "\n" + std::string(option_column, ' ');
  return left + wrapped(option->get_description(), option_column) + "\n";
}

}  // namespace slipway
