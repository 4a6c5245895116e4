#include <array>
#include <set>

#include "base/text.h"
#include "reference.h"

// Scripts that complete commands, options, values from a fixed list, and paths. They do not call the program while the
// user types, so they never touch a database.

namespace slipway {
namespace {

// Quotes for a shell. fish has its own rules.
std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return result + "'";
}

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::vector<std::string> names(const Reference& reference) {
  std::vector<std::string> words;
  for (const ReferenceCommand& command : reference.commands) {
    words.push_back(command.name);
    if (!command.alias.empty()) words.push_back(command.alias);
  }
  return words;
}

std::string flags(const std::vector<ReferenceOption>& options) {
  std::vector<std::string> words;
  for (const ReferenceOption& option : options)
    words.insert(words.end(), option.flags.begin(), option.flags.end());
  return join(words, " ");
}

std::string pattern(const ReferenceCommand& command) {
  return command.alias.empty() ? command.name : command.name + "|" + command.alias;
}

// Options whose value is a separate word. That word is then not taken for a command.
std::string value_flags(const Reference& reference) {
  std::set<std::string> words;
  const auto add = [&](const std::vector<ReferenceOption>& options) {
    for (const ReferenceOption& option : options)
      if (!option.value.empty() && !option.value_is_optional) words.insert(option.flags.begin(), option.flags.end());
  };
  add(reference.settings);
  for (const ReferenceCommand& command : reference.commands)
    add(command.options);
  return join(words, "|");
}

// Branches of `case $command:$before`; `command` may be a pattern. bash completes files if nothing else is offered.
std::string bash_values(const std::vector<ReferenceOption>& options, const std::string& command) {
  std::string branches;
  for (const ReferenceOption& option : options) {
    const bool folders = option.files == ReferenceOption::Files::folders;
    if (option.choices.empty() && !folders) continue;
    std::vector<std::string> cases;
    for (const std::string& flag : option.flags)
      cases.push_back(std::string{command}.append(":").append(flag));
    branches += "      " + join(cases, "|") + ") _slipway_offer " +
                (folders ? "-d" : "-W " + shell_quoted(join(option.choices, " "))) + " ;;\n";
  }
  return branches;
}

std::string bash_values(const Reference& reference) {
  std::string branches;
  for (const ReferenceCommand& command : reference.commands)
    branches += bash_values(command.options, command.name);
  return branches + bash_values(reference.settings, "*");
}

std::string bash_words(const Reference& reference) {
  std::string branches = "    '') words=" + shell_quoted(join(names(reference), " ")) + " ;;\n";
  for (const ReferenceCommand& command : reference.commands) {
    branches += "    " + pattern(command) + ") words=" + shell_quoted(flags(command.options));
    if (!command.choices.empty())
      branches += "; [[ $word == -* ]] || words=" + shell_quoted(join(command.choices, " "));
    branches += " ;;\n";
  }
  return branches;
}

// bash splits --flag=value into three words, and splits at the other characters of COMP_WORDBREAKS too. A word that
// follows such a character belongs to the word before it.
std::string bash(const Reference& reference) {
  return R"(# bash completion for slipway, made by `slipway completion bash`
_slipway_offer() {
  mapfile -t COMPREPLY < <(compgen "$@" -- "$word")
}
_slipway() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= application= value= words i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      [=:@]*) ((++i)) ;;
      --) [[ $command != run ]] || { application=$((i + 1)); break; } ;;
      )" +
         value_flags(reference) +
         R"() [[ ${COMP_WORDS[i+1]} == = ]] || ((++i)) ;;
      -*) ;;
      *) [[ $command != run ]] || { application=$i; break; }
        command=${command:-${COMP_WORDS[i]}} ;;
    esac
  done
  ((i <= COMP_CWORD)) || value=1
  if [[ $word == = ]]; then
    value=1 word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ -z $application && -n $value ]]; then
    case $command:$before in
)" + bash_values(reference) +
         R"(    esac
    return
  fi
  if [[ $command == run && ( -n $application || $word != -* ) ]]; then
    [[ ${application:-$COMP_CWORD} != "$COMP_CWORD" ]] || _slipway_offer -c
    return
  fi
  case $command in
)" + bash_words(reference) +
         "  esac\n  [[ $word != -* ]] || words+=" + shell_quoted(" " + flags(reference.settings)) +
         R"(
  _slipway_offer -W "$words"
}
complete -o default -F _slipway slipway
)";
}

// Escapes text for _arguments, where colons and brackets separate parts.
std::string zsh_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_options(const std::vector<ReferenceOption>& options, const std::string& indent) {
  std::string text;
  for (const ReferenceOption& option : options)
    for (const std::string& flag : option.flags) {
      std::string spec = flag;
      if (option.value_is_optional) spec += "=-";
      spec += "[" + zsh_escaped(option.description) + "]";
      if (!option.value.empty()) {
        spec += option.value_is_optional ? "::" : ":";
        spec += zsh_escaped(option.value) + ":";
        if (!option.choices.empty()) spec += "(" + join(option.choices, " ") + ")";
        if (option.files == ReferenceOption::Files::files) spec += "_files";
        if (option.files == ReferenceOption::Files::folders) spec += "_files -/";
      }
      text += indent + shell_quoted(spec) + " \\\n";
    }
  return text;
}

std::string zsh(const Reference& reference) {
  std::string script =
      "#compdef slipway\n"
      "# zsh completion for slipway, made by `slipway completion zsh`\n"
      "_slipway() {\n"
      "  local -a commands settings\n"
      "  local state line\n"
      "  commands=(\n";
  for (const ReferenceCommand& command : reference.commands)
    script += "    " + shell_quoted(command.name + ":" + zsh_escaped(command.summary)) + "\n";
  script += "  )\n  settings=( \\\n" + zsh_options(reference.settings, "    ") +
            "  )\n"
            "  _arguments -C $settings '1:command:->command' '*::argument:->argument'\n"
            "  case $state in\n"
            "    command) _describe command commands ;;\n"
            "    argument)\n"
            "      case $line[1] in\n";
  for (const ReferenceCommand& command : reference.commands)
    script += "        " + pattern(command) + ") _arguments $settings \\\n" +
              zsh_options(command.options, "          ") +
              "          '*:argument:" + (command.choices.empty() ? "_files" : "(" + join(command.choices, " ") + ")") +
              "' ;;\n";
  script += "      esac ;;\n  esac\n}\n_slipway \"$@\"\n";
  return script;
}

std::string fish_option(const ReferenceOption& option, const std::string& condition) {
  std::string line = "complete -c slipway";
  if (!condition.empty()) line += " -n " + fish_quoted(condition);
  for (const std::string& flag : option.flags)
    line += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
  if (!option.value.empty() && !option.value_is_optional)
    line += option.files == ReferenceOption::Files::none ? " -x" : " -r";
  if (!option.choices.empty()) line += " -a " + fish_quoted(join(option.choices, " "));
  if (option.files == ReferenceOption::Files::folders) line += " -a '(__fish_complete_directories)'";
  return line + " -d " + fish_quoted(option.description) + "\n";
}

std::string fish(const Reference& reference) {
  std::string script = "# fish completion for slipway, made by `slipway completion fish`\n";
  for (const ReferenceCommand& command : reference.commands)
    script += "complete -c slipway -f -n __fish_use_subcommand -a " + command.name + " -d " +
              fish_quoted(command.summary) + "\n";
  for (const ReferenceCommand& command : reference.commands) {
    std::string condition = "__fish_seen_subcommand_from " + command.name;
    if (!command.alias.empty()) condition += " " + command.alias;
    for (const ReferenceOption& option : command.options)
      script += fish_option(option, condition);
    if (!command.choices.empty())
      script += "complete -c slipway -f -n " + fish_quoted(condition) + " -a " +
                fish_quoted(join(command.choices, " ")) + "\n";
  }
  for (const ReferenceOption& option : reference.settings)
    script += fish_option(option, "");
  return script;
}

}  // namespace

std::span<const Shell> shells() {
  static constexpr std::array table{Shell{"bash", bash}, Shell{"zsh", zsh}, Shell{"fish", fish}};
  return table;
}

}  // namespace slipway
