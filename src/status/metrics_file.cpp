#include "status/metrics_file.h"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <string_view>
#include <system_error>

#include "base/open_folder.h"
#include "log/log.h"

namespace slipway {
namespace {

// The value of a label. Backslash, quote and newline are escaped; all other UTF-8 is unchanged.
std::string in_quotes(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + '"';
}

std::string seconds(std::chrono::milliseconds duration) {
  std::ostringstream text;
  text << duration.count() / 1000 << '.' << std::setfill('0') << std::setw(3) << duration.count() % 1000;
  return text.str();
}

class Exposition {
 public:
  explicit Exposition(std::string database) : database_{std::move(database)} {}

  void begin(std::string_view name, std::string_view help) {
    name_ = name;
    text_ << "# HELP " << name << ' ' << help << "\n# TYPE " << name << " gauge\n";
  }
  // Adds a sample to the metric that was begun last.
  void sample(const std::string& value, std::string_view label = {}, std::string_view label_value = {}) {
    text_ << name_ << "{database=" << in_quotes(database_);
    if (!label.empty()) text_ << ',' << label << '=' << in_quotes(label_value);
    text_ << "} " << value << '\n';
  }
  std::string text() const { return text_.str(); }

 private:
  std::string database_;
  std::string name_;
  std::ostringstream text_;
};

void add(Exposition& exposition, const RunResult& result) {
  exposition.begin("slipway_last_run_revisions", "Revisions that the last run applied (upgrade) or undid (downgrade).");
  for (const auto& [direction, name] :
       {std::pair{Direction::upgrade, "upgrade"}, std::pair{Direction::downgrade, "downgrade"}})
    exposition.sample(std::to_string(std::ranges::count(result.steps, direction, &AppliedStep::direction)), "direction",
                      name);
  if (result.database.empty()) return;  // the ledger was never read
  exposition.begin("slipway_head_info", "A head of the database at the end of the last run; always 1.");
  for (const RevisionId& head : result.after)
    exposition.sample("1", "revision", head.str());
}

}  // namespace

std::string as_prometheus(const RunFigures& figures) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  Exposition exposition{figures.database};
  exposition.begin("slipway_last_run_timestamp_seconds",
                   "When the last run of migrations ended, in seconds since 1970.");
  exposition.sample(seconds(duration_cast<milliseconds>(figures.end.time_since_epoch())));
  exposition.begin("slipway_last_run_success", "Whether the last run succeeded: 1 or 0.");
  exposition.sample(figures.exit_code == ExitCode::success ? "1" : "0");
  exposition.begin("slipway_last_run_exit_code", "The exit code of the last run.");
  exposition.sample(std::to_string(static_cast<int>(figures.exit_code)));
  exposition.begin("slipway_last_run_duration_seconds",
                   "How long the last run took, including the wait for the database.");
  exposition.sample(seconds(figures.duration));
  if (figures.result) add(exposition, *figures.result);
  return exposition.text();
}

void write_metrics_file(const std::filesystem::path& file, const RunFigures& figures) {
  try {
    OpenFolder{file.parent_path()}.replace(file.filename(), as_prometheus(figures), {.mode = 0644});
  } catch (const std::system_error& error) {
    log::warning("metrics.not_written",
                 "the metrics can't be written to " + file.string() + ": " + error.code().message());
  }
}

}  // namespace slipway
