#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "error/error.h"
#include "fixture/program.h"
#include "graph/alembic_case.h"
#include "graph/alembic_difference.h"
#include "graph/plan.h"
#include "graph/range.h"
#include "graph/selector.h"
#include "graph/stamp.h"
#include "graph/target.h"
#include "report/lines.h"

// The real alembic as the judge: random graphs, random version tables and random selectors, and both must do the same
// steps, leave the same rows after each of them, and refuse the same. Nothing may differ but what
// alembic_difference.cpp and docs/branches.md list.
//
// SLIPWAY_SEED and SLIPWAY_CASES choose other cases, and how many.

namespace slipway {
namespace {

using nlohmann::json;
using test::Case;
using test::Chance;
using test::Compared;
using test::Difference;
using test::differences;
using test::heads_of;
using test::Outcome;
using test::texts;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Outcome slipway(const Case& c) {
  Outcome outcome;
  outcome.linked = false;
  try {
    const Graph graph = Graph::link(c.revisions);
    outcome.linked = true;
    const Heads rows = heads_of(c.rows);
    if (c.command == "show" || c.command == "merge") {
      for (const std::string& text : c.selectors)
        for (const RevisionId& id : resolve_revisions(graph, text))
          outcome.steps.push_back(id.str());
      return outcome;
    }
    if (c.command == "history") {
      for (const Position p : resolve_range(graph, rows, c.selectors.front()))
        outcome.steps.push_back(graph[p].id.str());
      return outcome;
    }
    if (c.command == "stamp") {
      const Stamp stamp = plan_stamp(graph, rows, c.selectors);
      EXPECT_EQ(stamp.rows.applied_to(stamp.before), stamp.after);
      outcome.rows.push_back(texts(stamp.after));
      return outcome;
    }
    const Target target = c.command == "upgrade" ? resolve_upgrade(graph, rows, c.selectors.front())
                                                 : resolve_downgrade(graph, rows, c.selectors.front());
    const Plan plan = slipway::plan(graph, rows, target);
    Heads now = plan.before;
    for (const Step& step : plan.steps) {
      now = step.rows.applied_to(now);
      outcome.steps.push_back(step.revision->id.str());
      outcome.rows.push_back(texts(now));
    }
  } catch (const Error& error) {
    outcome.ok = false;
    outcome.error = error.message();
    EXPECT_TRUE(error.exit_code() == ExitCode::usage || error.exit_code() == ExitCode::bad_migrations)
        << error.message();
  }
  return outcome;
}

// --- what alembic does

json question(const Case& c, const Outcome& ours) {
  json revisions = json::array();
  for (const Revision& revision : c.revisions)
    revisions.push_back({{"id", revision.id.str()},
                         {"revises", revision.revises},
                         {"depends_on", revision.depends_on},
                         {"labels", revision.branch_labels},
                         {"message", revision.message}});
  return {{"revisions", revisions},
          {"rows", c.rows},
          {"command", c.command},
          {"selectors", c.selectors},
          {"order", ours.steps}};
}

std::vector<json> ask_alembic(const std::vector<json>& questions) {
  const fixture::TempFolder folder;
  std::string lines;
  for (const json& q : questions)
    lines += q.dump() + "\n";
  const std::filesystem::path file = folder.write("cases", lines);
  const fixture::Finished finished =
      fixture::run(SLIPWAY_PYTHON, {SLIPWAY_ORACLE, file.string()},
                   {.environment = {{"PYTHONHASHSEED", "0"}}, .folder = {}, .blocked_signals = {}});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  std::vector<json> answers;
  std::istringstream out{finished.out};
  for (std::string line; std::getline(out, line);)
    answers.push_back(json::parse(line));
  return answers;
}

// As a set: alembic's show repeats what two walks come to.
std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// Empty where both did the same.
std::string disagreement(const Case& c, const Outcome& ours, const json& theirs) {
  const bool they_linked = theirs["linked"];
  if (ours.linked != they_linked) return "one links it, the other does not";
  if (ours.ok != theirs["ok"].get<bool>()) return "one refuses, the other does not";
  if (!ours.ok) return "";
  const json& rows = theirs.value("rows", json::array());
  if (c.command == "stamp") {
    const json after = rows.empty() ? json(c.rows) : rows.back();
    return after == json(ours.rows.back()) ? "" : "other rows at the end";
  }
  if (sorted(theirs["steps"]) != sorted(ours.steps)) return "other steps";
  if (c.command != "upgrade" && c.command != "downgrade") return "";
  if (theirs["replayed"] != json(ours.rows)) return "other rows after the same steps";
  if (!rows.empty() && rows.back() != json(ours.rows.back())) return "other rows at the end";
  return "";
}

std::string told(const Case& c, const Outcome& ours, const json& theirs) {
  std::ostringstream text;
  for (const Revision& revision : c.revisions) {
    text << "    " << revision.id.str() << " <-";
    for (const std::string& parent : revision.revises)
      text << " " << parent;
    if (!revision.depends_on.empty()) text << " ;";
    for (const std::string& dependency : revision.depends_on)
      text << " " << dependency;
    if (!revision.branch_labels.empty()) text << " #";
    for (const std::string& label : revision.branch_labels)
      text << " " << label;
    text << "\n";
  }
  text << "  rows " << json(c.rows) << "\n  " << c.command << " " << json(c.selectors)
       << "\n  slipway: " << (ours.ok ? json{{"steps", ours.steps}, {"rows", ours.rows}}.dump() : ours.error)
       << "\n  alembic: " << theirs << "\n";
  return text.str();
}

TEST(Alembic, DiffersOnlyWhereThePageOnBranchesSaysSo) {
  const std::string page = fixture::read_file(SLIPWAY_BRANCHES_PAGE);
  for (const Difference& difference : differences())
    EXPECT_NE(page.find("| " + std::string{difference.what} + " |"), std::string::npos) << difference.what;
}

TEST(Alembic, DoesTheSame) {
  const std::uint64_t seed = setting("SLIPWAY_SEED", 20240229);
  const std::size_t cases = setting("SLIPWAY_CASES", 2000);
  std::cout << "seed " << seed << ", " << cases << " cases (SLIPWAY_SEED, SLIPWAY_CASES)\n";
  RecordProperty("seed", std::to_string(seed));

  Chance chance{seed};
  std::size_t agreed = 0;
  std::size_t refused = 0;
  std::map<std::string, std::size_t> kept;
  std::map<std::string, std::size_t> wrong;
  constexpr std::size_t batch = 500;
  for (std::size_t done = 0; done < cases; done += batch) {
    std::vector<Case> asked;
    std::vector<Outcome> ours;
    std::vector<json> questions;
    for (std::size_t i = done; i < std::min(cases, done + batch); ++i) {
      Case c = test::random_case(chance);
      Outcome outcome = slipway(c);
      // Half of what chance selects is nonsense. Refusals are compared too, but they need not be half of the cases.
      for (int tries = 0; tries < 3 && outcome.linked && !outcome.ok && chance.percent(70); ++tries) {
        test::choose_selectors(chance, c, Graph::link(c.revisions));
        outcome = slipway(c);
      }
      asked.push_back(std::move(c));
      ours.push_back(std::move(outcome));
      questions.push_back(question(asked.back(), ours.back()));
    }
    const std::vector<json> theirs = ask_alembic(questions);
    ASSERT_EQ(theirs.size(), asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const std::string difference = disagreement(asked[i], ours[i], theirs[i]);
      if (difference.empty()) {
        ++agreed;
        if (!ours[i].ok) ++refused;
        continue;
      }
      const Compared compared{asked[i], ours[i], theirs[i]};
      const auto known = std::ranges::find_if(differences(), [&](const Difference& d) { return d.applies(compared); });
      if (known != differences().end()) {
        ++kept[known->what];
      } else if (++wrong[difference] <= 10) {
        ADD_FAILURE() << "case " << done + i << ": " << difference << "\n" << told(asked[i], ours[i], theirs[i]);
      }
    }
  }
  std::cout << agreed << " agree, " << refused << " of them refusals\n";
  for (const auto& [what, count] : kept)
    std::cout << count << " differ on purpose: " << what << "\n";
  for (const auto& [what, count] : wrong)
    std::cout << count << " WRONG: " << what << "\n";
}

// What slipway prints, as the oracle's `print` has it.
json printed(const Graph& graph, const Heads& rows) {
  const RevisionLines lines{graph, rows};
  json all = {{"current", json::array()},
              {"heads", json::array()},
              {"branches", json::array()},
              {"history", json::array()},
              {"verbose", json::array()}};
  for (const Position p : branch_tips(graph, graph.applied(rows)))
    all["current"].push_back(lines.current(p));
  for (const Position p : graph.line_heads())
    all["heads"].push_back(lines.head(p));
  std::sort(all["current"].begin(), all["current"].end());
  std::sort(all["heads"].begin(), all["heads"].end());
  std::vector<RevisionId> ids;
  for (const Revision& revision : graph)
    ids.push_back(revision.id);
  for (const RevisionId& id : Heads{ids}) {
    const Position p = *graph.position(id);
    if (graph.is_branch_point(p)) all["branches"].push_back(lines.branches(p));
    all["history"].push_back(lines.history(p));
    all["verbose"].push_back(lines.block(p));
  }
  return all;
}

TEST(Alembic, PrintsTheSame) {
  const std::uint64_t seed = setting("SLIPWAY_SEED", 20240229);
  std::cout << "seed " << seed << " (SLIPWAY_SEED)\n";
  Chance chance{seed};
  std::vector<Case> cases;
  std::vector<json> questions;
  while (cases.size() < 300) {
    Case c;
    c.revisions = test::random_revisions(chance, {.revisions = chance.between(1, 40), .odd_merges = 0});
    for (Revision& revision : c.revisions)
      revision.message = chance.percent(90) ? "About " + revision.id.str() : "";
    for (const RevisionId& id : test::random_heads(chance, Graph::link(c.revisions)))
      c.rows.push_back(id.str());
    c.command = "print";
    questions.push_back(question(c, {}));
    cases.push_back(std::move(c));
  }
  const std::vector<json> theirs = ask_alembic(questions);
  ASSERT_EQ(theirs.size(), cases.size());
  for (std::size_t i = 0; i < cases.size() && !HasFailure(); ++i) {
    const json ours = printed(Graph::link(cases[i].revisions), heads_of(cases[i].rows));
    for (const auto& [form, text] : ours.items())
      EXPECT_EQ(text, theirs[i].value(form, json{})) << "case " << i << ", " << form << "\n" << told(cases[i], {}, {});
  }
}

}  // namespace
}  // namespace slipway
