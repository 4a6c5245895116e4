#include "init/options.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "process/foreign_variable.h"
#include "process/signal_name.h"

namespace slipway {
namespace {

Error usage(const std::string& message, const std::string& hint = "slipway-init --help lists the options") {
  return Error{ExitCode::usage, message, hint};
}

int number_to(int most, std::string_view text, const std::string& what) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0 || number > most)
    throw usage("invalid " + what + " " + in_quotes(text), "give a number from 0 to " + std::to_string(most));
  return number;
}

std::pair<std::string_view, std::string_view> halves(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string not_empty(std::string_view text, const std::string& what) {
  if (text.empty()) throw usage(what + " is empty");
  return std::string{text};
}

std::chrono::milliseconds duration(std::string_view text) {
  constexpr std::chrono::hours longest{366 * 24};
  const auto parsed = parse_duration(text, longest);
  if (!parsed)
    throw usage(in_quotes(text) + " is not a duration",
                "write 500ms, 10s, 5min, 1h or 1m30s (a bare number is seconds), at most 366d; 0 for none");
  return *parsed;
}

void rewrite(InitOptions& options, std::string_view value) {
  const auto [from, to] = halves(value);
  if (from.size() == value.size())
    throw usage(in_quotes(value) + " is not of the form FROM:TO", "write it as TERM:QUIT, or USR1:0");
  const int received = signal_number(from);
  if (received == SIGKILL || received == SIGSTOP || received == SIGCHLD)
    throw usage(signal_name(received) + " can't be rewritten",
                received == SIGCHLD ? "slipway-init needs it to learn about its children" : "no process can catch it");
  options.rewrites[received] = to == "0" ? 0 : signal_number(to);
}

void remap_exit(InitOptions& options, std::string_view value) {
  const auto [from, to] = halves(value);
  const bool to_zero = from.size() == value.size();
  options.exit_codes[number_to(255, from, "exit code")] = to_zero ? 0 : number_to(255, to, "exit code");
}

void signal_mask(InitOptions& options, std::string_view value) {
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits, 16);
  if (error != std::errc{} || end != value.data() + value.size())
    throw usage("invalid signal mask " + in_quotes(value), "write it in hexadecimal, like SigBlk in /proc/self/status");
  options.signal_mask = SignalSet{bits};
}

using enum InitOption::Kind;

constexpr std::array<InitOption, 17> table{{
    {flag,
     'g',
     "group",
     "SLIPWAY_INIT_GROUP",
     {},
     "Forward signals to the application's whole process group, not only to the application.",
     [](InitOptions& options, std::string_view) { options.group = true; }},
    {flag,
     '\0',
     "setsid",
     "SLIPWAY_INIT_SETSID",
     {},
     "Start the application in a new session, forward signals to its process group, and send SIGTERM to the group "
     "when the application has ended.",
     [](InitOptions& options, std::string_view) { options.session = true; }},
    {list, 'r', "rewrite", "SLIPWAY_INIT_REWRITE", "FROM:TO",
     "When signal FROM arrives, forward signal TO instead. Give names or numbers; 0 as TO drops the signal.", rewrite},
    {value, '\0', "stop-signal", "SLIPWAY_INIT_STOP_SIGNAL", "SIGNAL",
     "Send the application this signal instead of SIGTERM, like an image's STOPSIGNAL.",
     [](InitOptions& options, std::string_view text) { options.stop_signal = signal_number(text); }},
    {value, '\0', "stop-timeout", "SLIPWAY_INIT_STOP_TIMEOUT", "DURATION",
     "Send SIGKILL to all processes that still run this long after the first SIGTERM. 0, the default, means never.",
     [](InitOptions& options, std::string_view text) { options.stop_timeout = duration(text); }},
    {value, '\0', "linger", "SLIPWAY_INIT_LINGER", "DURATION",
     "How long processes that outlive the application may take to end after a SIGTERM. The default is 1s; with 0, "
     "slipway-init does not wait for them.",
     [](InitOptions& options, std::string_view text) { options.linger = duration(text); }},
    {flag,
     's',
     "subreaper",
     "SLIPWAY_INIT_SUBREAPER",
     {},
     "Become a child subreaper, to reap orphans even if slipway-init is not PID 1.",
     [](InitOptions& options, std::string_view) { options.subreaper = true; }},
    {value, 'p', "pdeathsig", "SLIPWAY_INIT_PDEATHSIG", "SIGNAL",
     "Receive this signal, and forward it, when the parent of slipway-init dies. With KILL, the application dies too.",
     [](InitOptions& options, std::string_view text) { options.parent_death_signal = signal_number(text); }},
    {list, 'e', "remap-exit", "SLIPWAY_INIT_REMAP_EXIT", "CODE[:CODE]",
     "If the application ends with the first exit code, end with the second, or with 0 if there is no second.",
     remap_exit},
    {value, '\0', "user", "SLIPWAY_INIT_USER", "USER[:GROUP]",
     "Run the application as this user, given by name or number, with the user's groups and HOME. This can't be "
     "undone.",
     [](InitOptions& options, std::string_view text) { options.user = not_empty(text, "the user"); }},
    {flag,
     '\0',
     "no-new-privs",
     "SLIPWAY_INIT_NO_NEW_PRIVS",
     {},
     "Prevent the application from gaining privileges by executing set-user-ID programs.",
     [](InitOptions& options, std::string_view) { options.no_new_privileges = true; }},
    {value, '\0', "cwd", "SLIPWAY_INIT_CWD", "FOLDER", "Start the application in this working directory.",
     [](InitOptions& options, std::string_view text) { options.working_directory = not_empty(text, "the folder"); }},
    {flag,
     'w',
     "warn-on-reap",
     "SLIPWAY_INIT_WARN_ON_REAP",
     {},
     "Warn about each orphan that is reaped.",
     [](InitOptions& options, std::string_view) { options.warn_on_reap = true; }},
    {count,
     'v',
     "verbose",
     "SLIPWAY_INIT_VERBOSE",
     {},
     "Report each forwarded signal and each reaped process on stderr. Given twice, report every decision.",
     [](InitOptions& options, std::string_view text) {
       options.verbosity = text.empty() ? options.verbosity + 1 : number_to(9, text, "level");
     }},
    {value, '\0', "signal-mask", "SLIPWAY_INIT_SIGNAL_MASK", "HEX",
     "Start the application with these signals blocked. The default is the signal mask that slipway-init was started "
     "with.",
     signal_mask},
    {action,
     'h',
     "help",
     {},
     {},
     "Print this help.",
     [](InitOptions& options, std::string_view) { options.action = InitOptions::Action::print_help; }},
    {action,
     'V',
     "version",
     {},
     {},
     "Print the version.",
     [](InitOptions& options, std::string_view) { options.action = InitOptions::Action::print_version; }},
}};

bool takes_value(const InitOption& option) {
  return option.kind == value || option.kind == list;
}

void apply(const InitOption& option, InitOptions& options, std::string_view text, const std::string& place) {
  try {
    option.apply(options, text);
  } catch (const Error& error) {
    throw Error{error.exit_code(), place + ": " + error.message(), error.hint()};
  }
}

bool is_on(std::string_view text, const std::string& place) {
  if (const auto is_on = parse_toggle(text)) return *is_on;
  throw usage(place + ": invalid value " + in_quotes(text) + " for a flag", "use 1 or 0");
}

void apply_variable(const InitOption& option, InitOptions& options, std::string_view text) {
  const std::string place{option.environment};
  if (text.empty()) return;
  if (option.kind == flag) {
    if (is_on(text, place)) apply(option, options, {}, place);
  } else if (option.kind == list) {
    for (const std::string_view part : split(text, ','))
      apply(option, options, part, place);
  } else {
    apply(option, options, text, place);
  }
}

// Without this check, a misspelt variable would silently have no effect. The search for similar names ignores the
// prefix: all names share it, so every name would look similar.
void check_names(std::span<const char* const> environment) {
  constexpr std::string_view prefix = "SLIPWAY_INIT_";
  std::vector<std::string> known;
  for (const InitOption& option : table)
    if (!option.environment.empty()) known.emplace_back(option.environment.substr(prefix.size()));
  for (const std::string_view string : environment) {
    const std::string_view name = string.substr(0, string.find('='));
    if (!name.starts_with(prefix) || is_of_kubernetes(name)) continue;
    const std::string_view word = name.substr(prefix.size());
    if (std::ranges::find(known, word) != known.end()) continue;
    const std::vector<std::string> near = nearest(word, known, 1);
    throw usage("unknown environment variable " + std::string{name},
                near.empty() ? "unset it; slipway-init --help lists the variables"
                             : "did you mean " + std::string{prefix} + near.front() + "?");
  }
}

void read_environment(InitOptions& options, std::span<const char* const> environment) {
  check_names(environment);
  for (const InitOption& option : table) {
    if (option.environment.empty()) continue;
    const auto found = std::ranges::find_if(environment, [&option](std::string_view string) {
      return string.starts_with(option.environment) && string.substr(option.environment.size()).starts_with('=');
    });
    if (found != environment.end())
      apply_variable(option, options, std::string_view{*found}.substr(option.environment.size() + 1));
  }
}

// The remaining arguments; they are taken from the front.
class Arguments {
 public:
  explicit Arguments(std::span<const char* const> left) : left_{left} {}

  bool has_option() const { return !left_.empty() && left_[0][0] == '-' && left_[0][1] != '\0'; }
  std::string_view take() {
    const std::string_view front = left_.front();
    left_ = left_.subspan(1);
    return front;
  }
  std::string_view take_value(const std::string& place) {
    if (left_.empty()) throw usage(place + " needs a value");
    return take();
  }
  std::vector<const char*> rest() const { return {left_.begin(), left_.end()}; }

 private:
  std::span<const char* const> left_;
};

// "--name", "--name=value", "--name value".
void read_long(InitOptions& options, std::string_view argument, Arguments& arguments) {
  const auto equals = argument.find('=');
  const std::string_view name = argument.substr(0, equals);
  const auto option = std::ranges::find(table, name, &InitOption::name);
  const std::string place = "--" + std::string{name};
  if (option == table.end()) {
    std::vector<std::string> names;
    names.reserve(table.size());
    for (const InitOption& known : table)
      names.push_back("--" + std::string{known.name});
    const std::string question = did_you_mean(place, names);
    throw question.empty() ? usage("unknown option " + place) : usage("unknown option " + place, question);
  }
  const bool has_value = equals != std::string_view::npos;
  if (has_value && !takes_value(*option)) throw usage(place + " takes no value");
  std::string_view text;
  if (takes_value(*option)) text = has_value ? argument.substr(equals + 1) : arguments.take_value(place);
  apply(*option, options, text, place);
}

// "-g", "-gv", "-pTERM", "-p TERM".
void read_short(InitOptions& options, std::string_view letters, Arguments& arguments) {
  while (!letters.empty()) {
    const char letter = letters.front();
    const std::string place{'-', letter};
    const auto option = std::ranges::find(table, letter, &InitOption::letter);
    if (option == table.end() || letter == '\0') throw usage("unknown option " + place);
    letters.remove_prefix(1);
    std::string_view text;
    if (takes_value(*option)) text = letters.empty() ? arguments.take_value(place) : std::exchange(letters, {});
    apply(*option, options, text, place);
  }
}

std::string left_column(const InitOption& option) {
  std::string text = option.letter == '\0' ? "    " : std::string{'-', option.letter, ',', ' '};
  text.append("--").append(option.name);
  if (!option.value.empty()) text.append(" ").append(option.value);
  return text;
}

// Wraps the text at 110 columns and indents every line but the first.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > indent && column + 1 + word.size() > 110) {
      result.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

}  // namespace

std::span<const InitOption> init_option_table() {
  return table;
}

InitOptions parse_init_options(std::span<const char* const> arguments, std::span<const char* const> environment) {
  InitOptions options;
  read_environment(options, environment);
  Arguments left{arguments};
  while (left.has_option()) {
    const std::string_view argument = left.take();
    if (argument == "--") break;
    if (argument.starts_with("--"))
      read_long(options, argument.substr(2), left);
    else
      read_short(options, argument.substr(1), left);
  }
  options.command = left.rest();
  if (options.command.empty() && options.action == InitOptions::Action::supervise)
    throw usage("no command was given", "usage: slipway-init [OPTIONS] -- COMMAND [ARGUMENTS]");
  return options;
}

std::string init_help() {
  constexpr std::size_t indent = 32;
  std::string text =
      "Usage: slipway-init [OPTIONS] [--] COMMAND [ARGUMENTS]\n\n"
      "Runs COMMAND as the init process of a container: forwards every signal to it, reaps orphans, and returns its\n"
      "exit code. The exit code is 128+N if signal N ended the command, 127 if the command was not found, 126 if it\n"
      "can't be executed, and 64 if the options are wrong.\n\n";
  for (const InitOption& option : table) {
    std::string line = "  " + left_column(option);
    line.append(line.size() + 1 < indent ? indent - line.size() : 1, ' ');
    std::string description{option.description};
    if (!option.environment.empty()) description.append(" [").append(option.environment).append("]");
    text += line + wrapped(description, indent) + "\n";
  }
  text +=
      "\nInstead of an option, you can set the variable in brackets: to 1 for a flag, to a number for -v, and to\n"
      "comma-separated values for an option that can be given several times. Options that can be given several times\n"
      "accumulate; otherwise the command line wins.\n";
  return text;
}

}  // namespace slipway
