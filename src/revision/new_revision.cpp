#include "revision/new_revision.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <system_error>

#include "base/hex.h"
#include "base/open_folder.h"
#include "base/text.h"
#include "base/utf8.h"
#include "error/error.h"
#include "revision/chain.h"
#include "revision/id_rules.h"
#include "revision/native_format.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_slug = 40;  // bytes, as Alembic's truncate_slug_length
constexpr std::size_t timestamp_digits = 14;

std::string utc(std::chrono::system_clock::time_point time, const char* format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text(32, '\0');
  text.resize(std::strftime(text.data(), text.size(), format, &parts));
  return text;
}

bool is_timestamp(std::string_view id) {
  return id.size() == timestamp_digits && is_number(id) && id >= "19700101000000" && id < "30000101000000" &&
         id.substr(4, 2) >= "01" && id.substr(4, 2) <= "12" && id.substr(6, 2) >= "01" && id.substr(6, 2) <= "31";
}

// The next number, with at least the same width.
std::string incremented(std::string number) {
  for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return number;
    }
    *digit = '0';
  }
  return "1" + number;
}

std::string next_id(const std::vector<Revision>& existing, std::chrono::system_clock::time_point now) {
  if (existing.empty()) return "001";
  if (!std::ranges::all_of(existing, [](const Revision& revision) { return is_number(revision.id.str()); })) {
    if (existing.front().parents == Parents::implied)
      throw Error{ExitCode::bad_migrations,
                  "no new id would come last, because no file has a `revises` line and the ids are not numbers",
                  "write `-- revises:` into each file, with the id of the revision before it"};
    return random_hex(12);
  }
  const std::string& highest =
      std::ranges::max_element(existing, less_by_number, [](const Revision& revision) -> const std::string& {
        return revision.id.str();
      })->id.str();
  std::string next = incremented(highest);
  if (!is_timestamp(highest)) return next;
  return std::max(utc(now, "%Y%m%d%H%M%S"), next);
}

std::string field_of(std::string_view name, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values)
    list += (list.empty() ? " " : ", ") + value;
  return "-- " + std::string{name} + ":" + list + "\n";
}

std::string text_of(const std::string& id, const NewRevision& revision, Parents parents) {
  std::string text = "-- " + revision.message + "\n-- revision: " + id + "\n";
  if (parents == Parents::written) {
    std::vector<std::string> ids;
    for (const RevisionId& parent : revision.parents)
      ids.push_back(parent.str());
    text += field_of(revises_field, ids);
  }
  if (!revision.depends_on.empty()) text += field_of(depends_on_field, revision.depends_on);
  if (!revision.branch_labels.empty()) text += field_of(branch_labels_field, revision.branch_labels);
  text += "-- created: " + utc(revision.created, "%Y-%m-%dT%H:%M:%SZ") + "\n";
  return text + "-- migrate:up\n\n-- migrate:down\n\n";
}

void check_names(const NewRevision& revision) {
  const auto refuse = [](const std::string& what, const std::string& name, const std::string& why) {
    throw Error{ExitCode::usage, "the " + what + " '" + name + "' " + why, "choose another"};
  };
  if (revision.id)
    if (const auto wrong = wrong_with_revision_id(*revision.id)) refuse("revision id", *revision.id, *wrong);
  for (const std::string& label : revision.branch_labels)
    if (const auto wrong = wrong_with_label(label)) refuse("branch label", label, *wrong);
}

// If no file says what it revises, the ids form the chain, and the new revision is its end.
void check_comes_last(const std::vector<Revision>& existing, const std::string& id) {
  const std::string& last = existing.back().id.str();
  if (is_number(last) ? is_number(id) && less_by_number(last, id) : last < id) return;
  throw Error{ExitCode::usage,
              "the revision id '" + id + "' does not come after " + last +
                  ", but no file has a `revises` line, so the order of the ids determines the parents",
              "choose a later one, or write `-- revises:` into each file, with the id of the revision before it"};
}

Error unusable_message(const std::string& why) {
  return {ExitCode::usage, "the message " + why, "give one line of words, such as \"add a phone number to users\""};
}

// The file must be read back as it was meant. A message such as `revises: 1` would be a field.
void check_reads_back(const fs::path& file, const std::string& text, const std::string& message) {
  std::string read;
  try {
    read = read_native_file({.path = file, .content = text}).message;
  } catch (const Error&) {
    throw unusable_message("would be read as a field of the header or as a marker");
  }
  if (read != message) throw unusable_message("would be read as a field of the header, or has no words");
}

Error unwritable(const fs::path& file, int error) {
  if (error == EEXIST)
    return {ExitCode::bad_migrations, file.string() + " already exists, and slipway does not overwrite files",
            "remove it, or give another message"};
  return {ExitCode::bad_migrations, file.string() + " can't be written: " + std::system_category().message(error),
          "make the folder writable for this user"};
}

// If root in a container writes into a mounted folder, the file belongs to the folder's owner.
void write_new_file(const fs::path& file, std::string_view text) {
  try {
    const OpenFolder folder{file.parent_path()};
    folder.create(file.filename(), text, {.mode = 0666, .owner = folder.owner()});
  } catch (const std::system_error& error) {
    throw unwritable(file, error.code().value());
  }
}

}  // namespace

std::string slug(std::string_view message) {
  std::string words;
  for (const char c : message) {
    const bool kept = is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    if (kept) {
      words += to_lower(c);
    } else if (!words.empty() && words.back() != '_') {
      words += '_';
    }
  }
  if (words.size() > longest_slug) {
    const std::size_t underscore = words.rfind('_', longest_slug);
    words.resize(underscore == std::string::npos ? longest_slug : underscore);
    if (const auto broken = first_not_utf8(words)) words.resize(*broken);
  }
  while (words.ends_with('_'))
    words.pop_back();
  return words;
}

fs::path write_new_revision(const fs::path& folder, const std::vector<Revision>& existing,
                            const NewRevision& revision) {
  NewRevision wanted = revision;
  wanted.message = trimmed(revision.message);
  if (wanted.message.empty()) throw unusable_message("is empty");
  if (first_not_utf8(wanted.message)) throw unusable_message("is not UTF-8");
  if (std::ranges::any_of(wanted.message, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    throw unusable_message("contains a line end or a control character");

  check_names(wanted);
  const std::string id = wanted.id ? *wanted.id : next_id(existing, wanted.created);
  const std::string words = slug(wanted.message);
  fs::path file = folder / (id + (words.empty() ? "" : "_" + words) + ".sql");
  const bool implied = !existing.empty() && existing.front().parents == Parents::implied;
  if (implied) check_comes_last(existing, id);
  const std::string text = text_of(id, wanted, implied ? Parents::implied : Parents::written);
  check_reads_back(file, text, wanted.message);

  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw unwritable(folder, error.value());
  write_new_file(file, text);
  return file;
}

}  // namespace slipway
