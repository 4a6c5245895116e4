#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture/temp_folder.h"
#include "settings/options.h"
#include "settings/settings_file.h"

// docs/settings.md and the example slipway.toml say what options() says.

namespace slipway {
namespace {

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + std::string{text} + "`";
}

std::string variables(const Option& row) {
  return code(row.variable) + (row.file_variable.empty() ? "" : ", " + code(row.file_variable));
}

std::string unit_and_choices(const Option& row) {
  if (row.choices.empty()) return std::string{unit(row)};
  std::string text;
  for (const std::string& choice : choice_words(row))
    text += (text.empty() ? "" : ", ") + code(choice);
  return text;
}

std::string flag(const Option& row) {
  return row.bare_flag ? "--" + std::string{row.key} + "[=" + std::string{row.value_name} + "]"
                       : "--" + std::string{row.key} + " " + std::string{row.value_name};
}

std::string expected_table() {
  std::ostringstream table;
  table << "| flag | variable | key in slipway.toml | unit | default | meaning |\n| --- | --- | --- | --- | --- | --- "
           "|\n";
  for (const Option& row : options()) {
    const std::string bare = row.bare_flag ? "; the flag without a value means " + code(*row.bare_flag) : std::string{};
    table << "| " << code(flag(row)) << " | " << variables(row) << " | " << (row.in_settings_file ? code(row.key) : "—")
          << " | " << unit_and_choices(row) << " | "
          << (row.default_note.empty() && !row.default_value.empty() ? code(row.default_value)
                                                                     : std::string{default_text(row)})
          << " | " << row.description << bare << " |\n";
  }
  return table.str();
}

TEST(SettingsPage, HoldsTheTableOfTheProgram) {
  const std::string page = fixture::read_file(SLIPWAY_SETTINGS_PAGE);
  EXPECT_NE(page.find(expected_table()), std::string::npos) << "docs/settings.md should hold this table:\n\n"
                                                            << expected_table();
}

// Every key stands in the example as a comment, and is a valid setting when the comment sign is taken away.
TEST(ExampleSettingsFile, HasEveryKeyCommented) {
  std::istringstream example{fixture::read_file(SLIPWAY_SETTINGS_EXAMPLE)};
  std::string settings;
  for (std::string line; std::getline(example, line);) {
    EXPECT_TRUE(line.empty() || line.starts_with('#')) << line;
    const auto equals = line.find(" = ");
    if (line.starts_with('#') && equals != std::string::npos && line.find(' ') == equals)
      settings += line.substr(1) + "\n";
  }
  const SettingsFile file = parse_settings_file(settings, "slipway.toml");
  for (const std::string& key : settings_file_keys())
    EXPECT_TRUE(file.contains(key)) << key;
}

}  // namespace
}  // namespace slipway
