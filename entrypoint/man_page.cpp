#include "reference.h"
#include "version.h"

// Man pages in the macros of man(7), which every man program understands.

namespace slipway {
namespace {

// Escapes text for roff. A backslash, and a dot or quote at the beginning of a line, would be commands. A hyphen
// becomes a minus sign, so that a search for an option finds it.
std::string roff(std::string_view text) {
  std::string result;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) result += "\\&";
    begins_line = c == '\n';
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
  }
  return result;
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(const std::string& text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string header(const std::string& page, int section, const std::string& summary) {
  return ".TH " + page + " " + std::to_string(section) + R"( "" "slipway )" + std::string{version} + "\"\n.SH NAME\n" +
         roff(page) + " \\- " + roff(summary) + "\n";
}

std::string option_entry(const ReferenceOption& option) {
  std::string left;
  for (const std::string& flag : option.flags)
    left += (left.empty() ? "" : ", ") + bold(flag);
  if (!option.value.empty())
    left += option.value_is_optional ? "[=" + italic(option.value) + "]" : " " + italic(option.value);
  std::string text = ".TP\n" + left + "\n" + roff(option.description);
  if (!text.ends_with('.')) text += '.';
  text += "\n";
  std::string values;
  for (const std::string& choice : option.choices)
    values += (values.empty() ? "One of " : ", ") + bold(choice);
  if (!values.empty()) text += values + ".\n";
  if (!option.default_text.empty()) text += "Default: " + roff(option.default_text) + ".\n";
  std::string variables;
  for (const std::string& variable : option.variables)
    variables += (variables.empty() ? "Environment: " : ", ") + bold(variable);
  if (!variables.empty()) text += variables + ".\n";
  return text;
}

// The details from a command's help. Lines are not filled, so that the examples keep their line breaks.
std::string details(const std::string& text) {
  return text.empty() ? "" : ".PP\n.nf\n" + roff(text) + "\n.fi\n";
}

constexpr std::string_view exit_status =
    ".SH EXIT STATUS\n"
    "Once the application runs, slipway returns the application's own exit status, or 128+N if signal N ended it.\n"
    "Before that:\n"
    ".TP\n.B 0\nSuccess.\n"
    ".TP\n.B 1\ncheck, current \\-\\-check\\-heads or health found a problem.\n"
    ".TP\n.B 64\nThe command line is wrong.\n"
    ".TP\n.B 65\nThe migrations folder is wrong, or does not match the database.\n"
    ".TP\n.B 69\nThe database was not available in time.\n"
    ".TP\n.B 70\nAn internal error occurred.\n"
    ".TP\n.B 73\nA migration failed.\n"
    ".TP\n.B 74\nThe result could not be written.\n"
    ".TP\n.B 75\nA lock was not obtained in time. Try again.\n"
    ".TP\n.B 77\nThe database refused access.\n"
    ".TP\n.B 78\nA setting is wrong.\n"
    ".TP\n.B 126, 127\nThe application can't be executed, or was not found.\n"
    ".TP\n.B 128+N\nSignal N stopped slipway.\n";

}  // namespace

std::string slipway_page(const Reference& reference) {
  std::string page = header("slipway", 1, "start an application only on the database schema it was built for");
  page +=
      ".SH SYNOPSIS\n.B slipway\n.I COMMAND\n.RI [ OPTIONS ]\n"
      ".SH DESCRIPTION\n"
      "slipway waits for PostgreSQL, applies pending migrations exactly once however many replicas start together,\n"
      "and hands the container over to\n.BR slipway\\-init (8),\nwhich runs the application.\n"
      "The same program is the migration tool that you use on your own machine.\n"
      ".SH COMMANDS\n";
  for (const ReferenceCommand& command : reference.commands) {
    page += ".SS slipway " + roff(command.name);
    for (const std::string& argument : command.arguments)
      page += " " + roff(argument);
    page += "\n" + roff(command.summary) + ".\n";
    if (!command.alias.empty()) page += "Also called " + bold(command.alias) + ".\n";
    page += details(command.details);
    for (const ReferenceOption& option : command.options)
      page += option_entry(option);
  }
  page +=
      ".SH SETTINGS\nEvery command takes these settings.\n"
      "A flag overrides the environment, the environment overrides\n.IR slipway.toml ,\nand that overrides the "
      "default.\n";
  std::string group;
  for (const ReferenceOption& setting : reference.settings) {
    if (setting.group != group) page += ".SS " + roff(setting.group) + "\n";
    group = setting.group;
    page += option_entry(setting);
  }
  page += exit_status;
  page +=
      ".SH FILES\n.TP\n.I slipway.toml\nThe settings file, read from the working directory.\n"
      ".TP\n.I migrations/\nThe migrations.\n.SH SEE ALSO\n.BR slipway\\-init (8),\n.BR psql (1)\n";
  return page;
}

std::string init_page() {
  std::string page = header("slipway-init", 8, "the first process of a container");
  page +=
      ".SH SYNOPSIS\n.B slipway\\-init\n.RI [ OPTIONS ]\n.RB [ \\-\\- ]\n.I APPLICATION\n.RI [ ARGUMENTS ]\n"
      ".SH DESCRIPTION\n"
      "slipway\\-init runs the application, forwards signals to it, reaps orphans, and returns the application's exit\n"
      "code.\n.BR \"slipway run\" ,\nof\n.BR slipway (1),\nbecomes slipway\\-init when the database is ready.\n"
      ".SH OPTIONS\n";
  for (const ReferenceOption& option : init_reference())
    page += option_entry(option);
  page +=
      ".SH EXIT STATUS\nThe exit status of the application; 128+N if signal N ended it; 126 if it can't be executed;\n"
      "127 if it was not found; 64 if the command line is wrong.\n.SH SEE ALSO\n.BR slipway (1)\n";
  return page;
}

}  // namespace slipway
