#include "revision/script_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/text.h"
#include "revision/bad_migration.h"

namespace slipway {
namespace {

bool set_transaction(Script& script, std::string_view value) {
  script.transaction = value == "false" ? Transaction::none : Transaction::one;
  return value == "false" || value == "true";
}

bool set_lock_timeout(Script& script, std::string_view value) {
  script.lock_timeout = parse_duration(value);
  return script.lock_timeout.has_value();
}

bool set_statement_timeout(Script& script, std::string_view value) {
  script.statement_timeout = parse_duration(value);
  return script.statement_timeout.has_value();
}

struct Option {
  std::string_view name;
  std::string_view form;                         // the hint of an error about the value
  bool (*set)(Script&, std::string_view value);  // false: the value is invalid
};
constexpr std::array options_known{
    Option{.name = "transaction", .form = "write true or false", .set = &set_transaction},
    Option{.name = "lock_timeout", .form = duration_form, .set = &set_lock_timeout},
    Option{.name = "statement_timeout", .form = duration_form, .set = &set_statement_timeout},
};

Error unknown_option(std::string_view word, std::string_view name, const SourceLocation& where) {
  std::vector<std::string> names;
  names.reserve(options_known.size());
  for (const Option& option : options_known)
    names.emplace_back(option.name);
  std::string fix = did_you_mean(name, names);
  if (fix.empty()) fix = "use transaction, lock_timeout or statement_timeout, written name:value";
  return bad_migration(where, "unknown option " + in_ticks(word) + " in a marker", fix);
}

}  // namespace

Script script_with_options(std::string_view options, const SourceLocation& where) {
  Script script;
  std::vector<std::string_view> seen;
  for (options = trimmed(options); !options.empty();) {
    const std::string_view word = options.substr(0, options.find_first_of(" \t\f\v"));
    options = trimmed(options.substr(word.size()));
    const std::size_t colon = word.find(':');
    const std::string_view name = word.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? std::string_view{} : word.substr(colon + 1);
    const auto* option = std::ranges::find(options_known, name, &Option::name);
    if (option == options_known.end()) throw unknown_option(word, name, where);
    if (std::ranges::find(seen, name) != seen.end())
      throw bad_migration(where, "option " + in_ticks(name) + " is given twice", "keep one of them");
    seen.push_back(name);
    if (!option->set(script, value))
      throw bad_migration(where,
                          "option " + in_ticks(word) + " has " + (value.empty() ? "no value" : "an invalid value"),
                          std::string{option->form} + ", without a space after the colon");
  }
  return script;
}

}  // namespace slipway
