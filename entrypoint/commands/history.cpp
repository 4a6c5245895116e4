#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <numeric>
#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "base/nearest.h"
#include "command.h"
#include "error/error.h"
#include "graph/range.h"
#include "read_ledger.h"
#include "report/history_picture.h"
#include "report/revision_report.h"
#include "verify/ledger_place.h"

namespace slipway {
namespace {

struct HistoryArguments {
  std::string range;
  std::string format;
  bool graph = false;
  bool verbose = false;
  bool indicate_current = false;
};

struct Listing {
  const Graph& graph;
  std::vector<Position> listed;
  std::optional<AppliedHistory> applied;
  Detail detail;

  Heads rows() const { return applied ? applied->ledger.heads : Heads{}; }
};

struct Format {
  std::string_view name;
  std::string (*print)(const Listing& listing);
};

std::string as_json(const Listing& listing) {
  std::vector<Position> newest_first = listing.listed;
  std::ranges::reverse(newest_first);
  const std::optional<Heads> current = listing.applied ? std::optional{listing.rows()} : std::nullopt;
  return revisions_as_json(listing.graph, newest_first, current).dump(2) + "\n";
}

// This command has more formats than the setting.
constexpr std::array formats{
    Format{"text", [](const Listing& l) { return history_as_text(l.graph, l.listed, l.rows(), l.detail); }},
    Format{"json", as_json},
    Format{"graph", [](const Listing& l) { return history_as_drawing(l.graph, l.listed, l.applied, l.detail); }},
    Format{"dot", [](const Listing& l) { return history_as_dot(l.graph, l.listed, l.applied); }},
    Format{"mermaid", [](const Listing& l) { return history_as_mermaid(l.graph, l.listed, l.applied); }},
    Format{"html", [](const Listing& l) { return history_as_page(l.graph, l.listed, l.applied); }},
};

const Format& format_of(Context& context, const HistoryArguments& arguments) {
  const bool is_graph = arguments.graph && arguments.format.empty();
  const std::string_view setting = context.settings().output.format == ResultFormat::json ? "json" : "text";
  const std::string_view name = is_graph ? "graph" : arguments.format.empty() ? setting : arguments.format;
  const auto* const format = std::ranges::find(formats, name, &Format::name);
  if (format != formats.end()) return *format;
  std::vector<std::string> names;
  names.reserve(formats.size());
  for (const Format& known : formats)
    names.emplace_back(known.name);
  const std::string near = did_you_mean(name, names);
  throw Error{ExitCode::usage, "invalid format '" + std::string{name} + "' for history",
              near.empty() ? "choose text, json, graph, dot, mermaid or html" : near};
}

std::vector<Position> all_of(const Graph& graph) {
  std::vector<Position> all(graph.size());
  std::iota(all.begin(), all.end(), Position{0});
  return all;
}

Choices choices_of_history() {
  Choices choices{.flag = "--format", .words = {}};
  for (const Format& format : formats)
    choices.words.push_back(format.name);
  return choices;
}

Action define_history(CLI::App& command) {
  auto arguments = std::make_shared<HistoryArguments>();
  command
      .add_option("-r,--rev-range", arguments->range, "Show only a range: FROM:TO, FROM:, :TO, -3:current, current:+2")
      ->type_name("RANGE");
  command.add_flag("-v,--verbose", arguments->verbose, "Show each revision in full, as show does");
  command.add_flag("-i,--indicate-current", arguments->indicate_current,
                   "Read the database, and mark its current revision");
  command.add_flag("--graph", arguments->graph, "Draw the lines between revisions, as git log --graph does");
  command.add_option("--format", arguments->format, "text, json, graph, dot (for Graphviz), mermaid, or html (a page)")
      ->type_name("FORMAT");
  return [arguments](Context& context) {
    const Format& format = format_of(context, *arguments);
    const Graph& graph = context.graph();
    const bool is_range = !arguments->range.empty();
    std::optional<AppliedHistory> applied;
    if (arguments->indicate_current || (is_range && names_current(arguments->range)))
      applied = format.name == "html" ? read_history(context) : AppliedHistory{.ledger = read_ledger(context)};
    if (applied) warn_of_ledger_elsewhere(graph, applied->ledger);
    Listing listing{.graph = graph,
                    .listed = is_range
                                  ? resolve_range(graph, applied ? applied->ledger.heads : Heads{}, arguments->range)
                                  : all_of(graph),
                    .applied = {},
                    .detail = arguments->verbose ? Detail::blocks : Detail::lines};
    if (arguments->indicate_current) listing.applied = std::move(applied);
    std::cout << format.print(listing);
    return ExitCode::success;
  };
}

}  // namespace

const Command history_command{
    .name = "history",
    .summary = "Show all revisions, newest first",
    .details =
        "Reads only the folder. With -i, or with a range that names current, it also reads the database. Never\n"
        "writes to the database.\n\n"
        "Example: slipway history -i\n"
        "         slipway history -r -3:current\n"
        "         slipway history -i --format html > history.html",
    .define = define_history,
    .choices = choices_of_history,
};

}  // namespace slipway
