#include <algorithm>

#include "reference.h"

// Scripts that complete commands, options, values that are one of a few, and paths. They ask nothing of the program
// while a person types, and so never touch a database.

namespace slipway {
namespace {

// For single quotes of a shell; fish has its own.
std::string quoted(std::string_view text) {
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

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words)
    text.append(text.empty() ? "" : between).append(word);
  return text;
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
  return joined(words, " ");
}

std::string pattern(const ReferenceCommand& command) {
  return command.alias.empty() ? command.name : command.name + "|" + command.alias;
}

std::string bash(const Reference& reference) {
  std::string script =
      "# bash completion for slipway, made by `slipway completion bash`\n"
      "_slipway() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= words i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case ${COMP_WORDS[i]} in\n"
      "      " +
      joined(names(reference), "|") +
      ") command=${COMP_WORDS[i]}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case $before in\n";
  for (const ReferenceOption& option : reference.settings) {
    const std::string branch = "    " + joined(option.flags, "|") + ") ";
    if (!option.choices.empty() && !option.value_is_optional)
      script += branch + "mapfile -t COMPREPLY < <(compgen -W " + quoted(joined(option.choices, " ")) +
                " -- \"$word\"); return ;;\n";
    else if (option.files == ReferenceOption::Files::files)
      script += branch + "mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n";
    else if (option.files == ReferenceOption::Files::folders)
      script += branch + "mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); return ;;\n";
  }
  script += "  esac\n  case $command in\n    '') words=" + quoted(joined(names(reference), " ")) + " ;;\n";
  for (const ReferenceCommand& command : reference.commands)
    script += "    " + pattern(command) + ") words=" + quoted(flags(command.options)) + " ;;\n";
  script += "  esac\n  [[ $word != -* ]] || words+=" + quoted(" " + flags(reference.settings)) +
            "\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n"
            "complete -o default -F _slipway slipway\n";
  return script;
}

// In _arguments' own notation, where colons and brackets divide.
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
        if (!option.choices.empty()) spec += "(" + joined(option.choices, " ") + ")";
        if (option.files == ReferenceOption::Files::files) spec += "_files";
        if (option.files == ReferenceOption::Files::folders) spec += "_files -/";
      }
      text += indent + quoted(spec) + " \\\n";
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
    script += "    " + quoted(command.name + ":" + zsh_escaped(command.summary)) + "\n";
  script += "  )\n  settings=( \\\n" + zsh_options(reference.settings, "    ") +
            "  )\n"
            "  _arguments -C $settings '1:command:->command' '*::argument:->argument'\n"
            "  case $state in\n"
            "    command) _describe command commands ;;\n"
            "    argument)\n"
            "      case $line[1] in\n";
  for (const ReferenceCommand& command : reference.commands)
    script += "        " + pattern(command) + ") _arguments $settings \\\n" +
              zsh_options(command.options, "          ") + "          '*:argument:_files' ;;\n";
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
  if (!option.choices.empty()) line += " -a " + fish_quoted(joined(option.choices, " "));
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
  }
  for (const ReferenceOption& option : reference.settings)
    script += fish_option(option, "");
  return script;
}

}  // namespace

std::string completion(const Reference& reference, std::string_view shell) {
  if (shell == "bash") return bash(reference);
  if (shell == "zsh") return zsh(reference);
  if (shell == "fish") return fish(reference);
  return {};
}

}  // namespace slipway
