#include "settings/settings_file.h"

// toml++ 3.3 has checks that some texts break (`[[#`: tomlplusplus pull request 301), and takes them for granted where
// NDEBUG is set. They end the parsing here, in every kind of build.
namespace slipway {
namespace {
struct BeyondParser {};
[[noreturn]] void throw_beyond_parser() {
  throw BeyondParser{};
}
}  // namespace
}  // namespace slipway
#undef NDEBUG
#define TOML_ASSERT(expression) ((expression) ? static_cast<void>(0) : slipway::throw_beyond_parser())

#include <algorithm>
#include <cstdint>

#include <toml++/toml.h>

#include "error/error.h"
#include "error/nearest.h"
#include "settings/duration.h"
#include "settings/options.h"
#include "settings/unquoted_text.h"

namespace slipway {
namespace {

Error bad(const std::string& name, int line, const std::string& what, const std::string& hint) {
  return {ExitCode::bad_configuration, name + ":" + std::to_string(line) + ": " + what, hint};
}

// toml++ quotes a character that it did not expect, but also keys and numbers, which may be part of a secret whose
// quotes were forgotten.
std::string without_quotations(std::string_view description) {
  std::string text;
  while (!description.empty()) {
    const auto begin = description.find('\'');
    text += description.substr(0, begin);
    if (begin == std::string_view::npos) break;
    description.remove_prefix(begin + 1);
    const auto end = description.find('\'');
    const std::string_view quoted = description.substr(0, end);
    if (quoted.size() <= 1 || quoted.front() == '\\')
      text += "'" + std::string{quoted} + "'";
    else
      text += "(text)";
    description.remove_prefix(end == std::string_view::npos ? description.size() : end + 1);
  }
  return text;
}

constexpr std::string_view not_utf8 = "Encountered invalid utf-8 sequence";  // toml++'s words, with a wrong line

// Whether toml++ can't even get through the text: not UTF-8, or beyond its parser.
bool is_beyond_parser(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const toml::parse_error& problem) {
    return problem.description() == not_utf8;
  } catch (const BeyondParser&) {
    return true;
  }
  return false;
}

// The line that ends the shortest beginning of `text` that is beyond the parser.
int line_beyond_parser(std::string_view text) {
  std::vector<std::size_t> line_ends;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || i + 1 == text.size()) line_ends.push_back(i + 1);
  const auto is_good = [text](std::size_t end) { return !is_beyond_parser(text.substr(0, end)); };
  return static_cast<int>(std::ranges::partition_point(line_ends, is_good) - line_ends.begin()) + 1;
}

toml::table parse_toml(std::string_view text, const std::string& name) {
  constexpr auto hint = "text needs quotes, a setting is written once, as key = \"value\"";
  if (const auto place = find_unquoted_non_ascii(text)) {
    const auto line = std::ranges::count(text.substr(0, *place), '\n') + 1;
    throw bad(name, static_cast<int>(line), "this is not TOML: outside of quotes there is a character beyond ASCII",
              hint);
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& problem) {
    if (problem.description() == not_utf8)
      throw bad(name, line_beyond_parser(text), "this is not UTF-8", "save the file in UTF-8");
    throw bad(name, static_cast<int>(problem.source().begin.line),
              "this is not TOML: " + without_quotations(problem.description()), hint);
  } catch (const BeyondParser&) {
    throw bad(name, line_beyond_parser(text), "this is not TOML", hint);
  }
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

std::string form_of(const Option& row) {
  const std::string key{row.key};
  switch (row.kind) {
    case OptionKind::duration:
      return "write " + key + " = \"10s\", or a whole number of seconds";
    case OptionKind::paths:
      return "write " + key + R"( = ["first", "second"])";
    case OptionKind::choice:
      return "write " + key + R"( = ")" + std::string{row.choices.front()} + '"';
    default:
      return "write " + key + " = \"…\", in quotes";
  }
}

std::vector<std::string> elements(const toml::array& array) {
  std::vector<std::string> texts;
  for (const toml::node& element : array)
    if (const auto* text = element.as_string()) texts.push_back(text->get());
  return texts.size() == array.size() ? texts : std::vector<std::string>{};
}

std::vector<std::string> texts_of(const Option& row, const toml::node& node) {
  if (const auto* text = node.as_string()) return {text->get()};
  if (const auto* number = node.as_integer(); number != nullptr && row.kind == OptionKind::duration)
    return {std::to_string(number->get())};
  if (const auto* array = node.as_array(); array != nullptr && row.kind == OptionKind::paths) return elements(*array);
  return {};
}

SettingsFileValue value_of(const Option& row, const toml::node& node, const std::string& name, int line) {
  std::vector<std::string> texts = texts_of(row, node);
  if (!texts.empty()) return {std::move(texts), line};
  const std::string what = node.is_array() && row.kind == OptionKind::paths
                               ? std::string{"can't be an empty array, nor one of anything but strings"}
                               : "can't be " + std::string{type_name(node)};
  throw bad(name, line, std::string{row.key} + " " + what, form_of(row));
}

[[noreturn]] void throw_unknown_key(const std::string& key, const std::string& name, int line) {
  const auto keys = settings_file_keys();
  std::string hint = did_you_mean(key, keys);
  if (key == "config") hint = "the settings file is named by --config or SLIPWAY_CONFIG alone";
  if (hint.empty()) hint = "`slipway config` lists every setting; settings stand outside of any [heading]";
  throw bad(name, line, "there is no setting named " + key, hint);
}

}  // namespace

SettingsFile parse_settings_file(std::string_view text, const std::string& name) {
  const toml::table table = parse_toml(text, name);

  struct Entry {
    std::string key;
    const toml::node* node;
    int line;
  };
  std::vector<Entry> entries;
  for (const auto& [key, node] : table)
    entries.push_back({std::string{key.str()}, &node, static_cast<int>(key.source().begin.line)});
  std::ranges::stable_sort(entries, {}, &Entry::line);

  SettingsFile values;
  const auto known = settings_file_keys();
  for (const Entry& entry : entries) {
    if (std::ranges::find(known, entry.key) == known.end()) throw_unknown_key(entry.key, name, entry.line);
    values.emplace(entry.key, value_of(option(entry.key), *entry.node, name, entry.line));
  }
  return values;
}

}  // namespace slipway
