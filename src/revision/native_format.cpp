#include "revision/native_format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"
#include "revision/bad_migration.h"
#include "revision/id_rules.h"
#include "revision/script_options.h"

namespace slipway {
namespace {

constexpr std::array field_names{revision_field, revises_field, depends_on_field, branch_labels_field, created_field};

template <typename Names>
std::string did_you_mean_one_of(std::string_view word, const Names& names) {
  const std::vector<std::string> candidates{names.begin(), names.end()};
  return did_you_mean(word, candidates);
}

// The text after the two dashes of a line that contains only a comment.
std::optional<std::string_view> comment_text(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("--")) return std::nullopt;
  return trimmed(line.substr(2));
}

struct Marker {
  Direction direction = Direction::upgrade;
  std::string_view options;
};

// Reads a file line by line, first its header, then its scripts.
class NativeFile {
 public:
  explicit NativeFile(MigrationFile file)
      : file_{std::move(file)},
        revision_{.id = RevisionId{""},
                  .revises = {},
                  .depends_on = {},
                  .branch_labels = {},
                  .message = {},
                  .created = {},
                  .location = at(1),
                  .parents = Parents::implied,
                  .upgrade = {},
                  .downgrade = {}} {}

  Revision read() {
    Lines lines{file_.content};
    while (const auto line = lines.next()) {
      if (const auto marker = marker_of(*line)) {
        begin_script(*line, *marker);
      } else if (!script_) {
        read_header(*line);
      }
    }
    end_script(file_.content.size());
    take_scripts();
    if (!upgrade_line_) throw no_upgrade();
    name_from_file();
    return std::move(revision_);
  }

 private:
  SourceLocation at(int line) const { return {.file = file_.path, .line = line}; }

  Error no_upgrade() const {
    return bad_migration(at(1), "there is no `-- migrate:up` line",
                         "write `-- migrate:up` above the statements that upgrade, and `-- migrate:down` above those "
                         "that downgrade");
  }

  // A marker as dbmate accepts it: `--`, blanks, `migrate:up` or `migrate:down`, at the start of a line. A line that
  // resembles a marker is an error, because otherwise its statements would belong to the wrong script.
  std::optional<Marker> marker_of(const Line& line) const {
    const auto comment = comment_text(line.text);
    constexpr std::string_view word = "migrate";
    if (!comment || !equal_ignoring_case(comment->substr(0, word.size()), word)) return std::nullopt;
    std::string_view rest = trimmed(comment->substr(word.size()));
    if (!rest.starts_with(':')) return std::nullopt;
    rest.remove_prefix(1);
    const bool blank_after_colon = rest.empty() || is_blank(rest.front());
    rest = trimmed(rest);
    const std::string_view direction = rest.substr(0, rest.find_first_of(" \t\f\v"));
    const bool is_up = equal_ignoring_case(direction, "up");
    if (!is_up && !equal_ignoring_case(direction, "down")) {
      if (blank_after_colon) return std::nullopt;  // prose: "-- migrate: the old rows"
      throw bad_migration(at(line.number), "unknown marker " + in_ticks("migrate:" + std::string{direction}),
                          "the markers are `-- migrate:up` and `-- migrate:down`");
    }
    const std::string_view exact = is_up ? "migrate:up" : "migrate:down";
    if (!line.text.starts_with("--") || !comment->starts_with(exact))
      throw bad_migration(
          at(line.number), in_ticks(trimmed(line.text)) + " is not a valid marker",
          "write it as " + in_ticks("-- " + std::string{exact}) +
              ": in lower case, without spaces around the colon, with the dashes at the start of the line");
    return Marker{.direction = is_up ? Direction::upgrade : Direction::downgrade,
                  .options = comment->substr(exact.size())};
  }

  void begin_script(const Line& line, const Marker& marker) {
    if (sql_before_marker_)
      throw bad_migration(at(*sql_before_marker_), "SQL before the first marker belongs to no script",
                          "move it under `-- migrate:up`, or make it a comment");
    end_script(line.begin);
    const bool upgrade = marker.direction == Direction::upgrade;
    std::optional<int>& seen = upgrade ? upgrade_line_ : downgrade_line_;
    if (seen)
      throw bad_migration(at(line.number),
                          std::string{"a second `-- migrate:"} + (upgrade ? "up" : "down") +
                              "`; the first is on line " + std::to_string(*seen),
                          "move the second part to another file, because a file holds one revision");
    if (!upgrade && !upgrade_line_)
      throw bad_migration(at(line.number), "`-- migrate:down` comes before `-- migrate:up`",
                          "write the upgrade first, then the downgrade");
    seen = line.number;
    Script script = script_with_options(marker.options, at(line.number));
    script.file = file_.path.native();
    script.first_line = line.number + 1;
    script_begin_ = line.end;
    if (upgrade) {
      revision_.upgrade = std::move(script);
      script_ = &revision_.upgrade;
    } else {
      script_ = &revision_.downgrade.emplace(std::move(script));
    }
  }

  void end_script(std::size_t end) {
    if (script_ != nullptr) places_.push_back({.script = script_, .begin = script_begin_, .end = end});
  }

  // The text is split from its end, and the first script gets the rest, so a script of 100 MB is in memory only once.
  void take_scripts() {
    for (auto place = places_.rbegin(); place != places_.rend(); ++place) {
      file_.content.resize(place->end);
      if (std::next(place) == places_.rend()) {
        file_.content.erase(0, place->begin);
        place->script->sql = std::move(file_.content);
      } else {
        place->script->sql = file_.content.substr(place->begin);
      }
    }
  }

  // The header is comments and empty lines. SQL in it is only an error if a marker follows.
  void read_header(const Line& line) {
    std::string_view text = trimmed(line.text);
    if (sql_before_marker_) return;
    if (comment_depth_ == 0) {
      if (text.empty()) return;
      if (const auto comment = comment_text(text)) return read_comment(line, *comment);
    }
    if (!only_block_comments(text)) sql_before_marker_ = line.number;
  }

  // Block comments nest in PostgreSQL. They may contain a licence, but no fields.
  bool only_block_comments(std::string_view text) {
    while (!text.empty()) {
      if (text.starts_with("/*")) {
        ++comment_depth_;
        text.remove_prefix(2);
      } else if (comment_depth_ > 0 && text.starts_with("*/")) {
        --comment_depth_;
        text.remove_prefix(2);
      } else if (comment_depth_ > 0 || is_blank(text.front())) {
        text.remove_prefix(1);
      } else {
        return text.starts_with("--");
      }
    }
    return true;
  }

  void read_comment(const Line& line, std::string_view comment) {
    if (const std::size_t colon = comment.find(':'); colon != std::string_view::npos) {
      const std::string_view name = trimmed(comment.substr(0, colon));
      const auto* field =
          std::ranges::find_if(field_names, [&](std::string_view known) { return equal_ignoring_case(known, name); });
      if (field != field_names.end()) return read_field(line, *field, trimmed(comment.substr(colon + 1)));
      // Shorter names are not reported, so that "Re: the invoices" is prose.
      if (const std::string near = did_you_mean_one_of(name, field_names); name.size() >= 4 && !near.empty())
        throw bad_migration(at(line.number), "unknown field " + in_ticks(name),
                            near + " If it is prose, word it so that it does not look like a field.");
    }
    const bool has_words = std::ranges::any_of(
        comment, [](char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; });
    if (!revision_.message.empty() || !has_words) return;
    revision_.message = comment;
    std::ranges::replace_if(
        revision_.message, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  }

  void read_field(const Line& line, std::string_view field, std::string_view value) {
    const auto index = static_cast<std::size_t>(std::ranges::find(field_names, field) - field_names.begin());
    if (field_lines_.at(index) != 0)
      throw bad_migration(
          at(line.number),
          "a second " + in_ticks(std::string{field} + ":") + "; the first is on line " +
              std::to_string(field_lines_.at(index)),
          field == revises_field ? "write all parents on one line, with commas between them" : "keep one of them");
    field_lines_.at(index) = line.number;
    if (field == revision_field) {
      revision_.location.line = line.number;
      set_id(value,
             "write the revision's id, such as `-- revision: 001`, or leave the line out to take it from the "
             "file's name");
    } else if (field == revises_field) {
      revision_.revises_line = line.number;
      revision_.revises = list_of(line, field, value);
      revision_.parents = Parents::written;
    } else if (field == depends_on_field) {
      revision_.depends_on = list_of(line, field, value);
    } else if (field == branch_labels_field) {
      revision_.branch_labels = list_of(line, field, value);
    } else {
      revision_.created = value;
    }
  }

  std::vector<std::string> list_of(const Line& line, std::string_view field, std::string_view value) const {
    std::vector<std::string> names;
    if (value.empty()) return names;
    for (;;) {
      const std::size_t comma = value.find(',');
      const std::string_view name = trimmed(value.substr(0, comma));
      // A label may be longer than an id, and depends-on may name one.
      const auto wrong = field == revises_field ? wrong_with_revision_id(name) : wrong_with_label(name);
      if (wrong)
        throw bad_migration(at(line.number),
                            in_ticks(name) + " in " + in_ticks(std::string{field} + ":") + " " + *wrong,
                            "write names with commas between them, or nothing after the colon if there are none");
      if (std::ranges::find(names, name) != names.end())
        throw bad_migration(at(line.number),
                            in_ticks(name) + " is named twice in " + in_ticks(std::string{field} + ":"),
                            "keep one of them");
      names.emplace_back(name);
      if (comma == std::string_view::npos) return names;
      value.remove_prefix(comma + 1);
    }
  }

  void set_id(std::string_view id, const std::string& fix) {
    if (const auto wrong = wrong_with_revision_id(id))
      throw bad_migration(revision_.location, "the revision id " + in_ticks(id) + " " + *wrong, fix);
    revision_.id = RevisionId{std::string{id}};
  }

  // If the header does not say it: the id is the file's name up to the first `_`, and the message the words after it.
  void name_from_file() {
    const std::string stem = file_.path.stem().string();
    const std::size_t underscore = stem.find('_');
    if (revision_.id.str().empty())
      set_id(std::string_view{stem}.substr(0, underscore),
             "rename the file so that its name begins with an id and `_`, such as 001_add_users.sql, or write a "
             "line such as `-- revision: 001` at its top");
    if (revision_.message.empty() && underscore != std::string::npos) {
      revision_.message = stem.substr(underscore + 1);
      std::ranges::replace(revision_.message, '_', ' ');
    }
  }

  MigrationFile file_;
  Revision revision_;
  struct Place {
    Script* script;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Place> places_;  // of the scripts that have ended
  Script* script_ = nullptr;   // the script that the current line belongs to
  std::size_t script_begin_ = 0;
  std::optional<int> upgrade_line_;
  std::optional<int> downgrade_line_;
  std::optional<int> sql_before_marker_;
  std::array<int, field_names.size()> field_lines_{};  // 0: not seen
  int comment_depth_ = 0;
};

}  // namespace

Revision read_native_file(MigrationFile file) {
  return NativeFile{std::move(file)}.read();
}

std::vector<Revision> read_native_files(std::vector<MigrationFile> files) {
  std::vector<Revision> revisions;
  revisions.reserve(files.size());
  for (MigrationFile& file : files)
    revisions.push_back(read_native_file(std::move(file)));
  return revisions;
}

}  // namespace slipway
