#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "error/error.h"
#include "fixture/program.h"
#include "graph/lines.h"
#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/range.h"
#include "graph/selector.h"
#include "graph/stamp.h"
#include "graph/target.h"

// The real alembic as the judge: random graphs, random version tables and random selectors, and both must do the same
// steps, leave the same rows after each of them, and refuse the same. docs/branches.md lists where slipway differs on
// purpose; each line of that list is a row of `differences` here, and nothing else may differ.
//
// SLIPWAY_SEED and SLIPWAY_CASES choose other cases, and how many.

namespace slipway {
namespace {

using nlohmann::json;
using test::Chance;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Case {
  std::vector<Revision> revisions;
  std::vector<std::string> rows;
  std::string command;
  std::vector<std::string> selectors;
};

struct Outcome {
  bool linked = true;
  bool ok = true;
  std::string error;
  std::vector<std::string> steps;              // in order
  std::vector<std::vector<std::string>> rows;  // after each step
};

// --- making cases

Heads heads_of(const std::vector<std::string>& texts) {
  std::vector<RevisionId> ids;
  for (const std::string& text : texts)
    ids.emplace_back(text);
  return Heads{std::move(ids)};
}

std::vector<std::string> texts(const Heads& heads) {
  std::vector<std::string> result;
  for (const RevisionId& id : heads)
    result.push_back(id.str());
  return result;
}

std::string part_of(Chance& chance, const std::string& text) {
  return text.substr(0, chance.between(1, text.size()));
}

// Mostly where the command can go: above what is applied for an upgrade, in it for a downgrade.
std::string name(Chance& chance, const Case& c, const RevisionSet& applied, const RevisionSet* branch = nullptr) {
  const std::size_t kind = chance.below(100);
  if (kind < 2) return "nowhere";
  if (kind < 12)
    for (const Revision& labelled : c.revisions)
      if (!labelled.branch_labels.empty() && chance.percent(50))
        return chance.percent(80) ? labelled.branch_labels.front() : part_of(chance, labelled.branch_labels.front());
  std::string id;
  for (int tries = 0; tries < 20; ++tries) {
    const Revision& revision = chance.one_of(c.revisions);
    id = revision.id.str();
    if (kind < 30) break;
    if (branch != nullptr && !branch->contains(revision.id)) continue;
    if (applied.contains(revision.id) == (c.command == "downgrade")) break;
  }
  return chance.percent(10) ? part_of(chance, id) : id;
}

std::string selector(Chance& chance, const Case& c, const Graph& graph) {
  const RevisionSet applied = graph.applied(heads_of(c.rows));
  std::optional<RevisionSet> lineage;
  std::string text;
  if (chance.percent(35)) {
    std::vector<std::string> labels;
    for (const Revision& revision : c.revisions)
      labels.insert(labels.end(), revision.branch_labels.begin(), revision.branch_labels.end());
    text = labels.empty() || chance.percent(25) ? name(chance, c, applied) : chance.one_of(labels);
    if (const Graph::Name* branch = graph.name(text)) lineage = slipway::lineage(graph, branch->position);
    text += "@";
  }
  const auto symbol_or_name = [&]() -> std::string {
    const std::size_t kind = chance.below(100);
    if (kind < 10) return "head";
    if (kind < 20) return "heads";
    if (kind < 30) return "base";
    return name(chance, c, applied, lineage ? &*lineage : nullptr);
  };
  const auto steps = [&] {
    return (chance.percent(c.command == "upgrade" ? 85 : 15) ? "+" : "-") +
           std::to_string(chance.percent(60) ? 1 : chance.below(6));
  };
  const bool counts = c.command == "upgrade" || c.command == "downgrade" || chance.percent(20);
  switch (counts ? chance.below(4) : 2) {
    case 0:
      return text + steps();
    case 1:
      return text + symbol_or_name() + steps();
    default:
      return text + symbol_or_name();
  }
}

std::string range(Chance& chance, const Case& c, const Graph& graph) {
  const auto end = [&](const char* sign) -> std::string {
    const std::size_t kind = chance.below(100);
    if (kind < 20) return "";
    if (kind < 35) return "current";
    if (kind < 50) return sign + std::to_string(chance.below(5));
    return selector(chance, c, graph);
  };
  const std::string from = end("-");
  return from + ":" + end("+");
}

void break_something(Chance& chance, Case& c) {
  Revision& revision = c.revisions[chance.below(c.revisions.size())];
  const Revision& other = chance.one_of(c.revisions);
  switch (chance.below(6)) {
    case 0:
      revision.revises.emplace_back("missing1");
      break;
    case 1:
      revision.depends_on.emplace_back("missing1");
      break;
    case 2:
      revision.revises.push_back(revision.id.str());
      break;
    case 3:
      if (std::ranges::find(revision.revises, other.id.str()) == revision.revises.end())
        revision.revises.push_back(other.id.str());  // often a cycle
      break;
    case 4:
      revision.depends_on.push_back(other.id.str());  // often a cycle
      break;
    default:
      revision.branch_labels.push_back(other.branch_labels.empty() ? other.id.str() : other.branch_labels.front());
  }
}

void choose_selectors(Chance& chance, Case& c, const Graph& graph) {
  c.selectors = {c.command == "history" ? range(chance, c, graph) : selector(chance, c, graph)};
  if (c.command == "stamp" || c.command == "merge")
    while (chance.percent(30))
      c.selectors.push_back(selector(chance, c, graph));
}

Case random_case(Chance& chance) {
  Case c;
  c.revisions = test::random_revisions(chance, {.revisions = chance.between(1, chance.percent(50) ? 12 : 60),
                                                .bases = chance.below(20),
                                                .branches = chance.below(40),
                                                .merges = chance.below(30),
                                                .odd_merges = chance.percent(10) ? 5U : 0U,
                                                .dependencies = chance.percent(50) ? chance.below(40) : 0,
                                                .labels = chance.below(40)});
  const Graph graph = Graph::link(c.revisions);
  for (const RevisionId& id : test::random_heads(chance, graph))
    c.rows.push_back(id.str());
  if (chance.percent(3)) c.rows.push_back(chance.one_of(c.revisions).id.str());  // perhaps above or below another
  if (chance.percent(2)) c.rows.emplace_back("zzzzzzzz");                        // another project's
  std::ranges::sort(c.rows);
  c.rows.erase(std::unique(c.rows.begin(), c.rows.end()), c.rows.end());
  static const std::vector<std::string> commands{"upgrade", "upgrade", "upgrade", "downgrade", "downgrade", "downgrade",
                                                 "stamp",   "stamp",   "history", "history",   "merge",     "show"};
  c.command = chance.one_of(commands);
  choose_selectors(chance, c, graph);
  if (chance.percent(3)) break_something(chance, c);
  return c;
}

// --- what slipway does

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

// --- the comparison

struct Compared {
  const Case& c;
  const Outcome& ours;
  const json& theirs;

  bool they_fail(std::string_view text) const {
    return theirs["linked"] && !theirs["ok"] && theirs["error"].get<std::string>().find(text) != std::string::npos;
  }
  bool we_refuse(std::string_view text) const { return !ours.ok && ours.error.find(text) != std::string::npos; }
  json replayed() const { return theirs.value("replayed", json{}); }
  bool command(std::string_view name) const { return c.command == name; }
  bool migrates() const { return command("upgrade") || command("downgrade"); }
  Graph graph() const { return Graph::link(c.revisions); }
  // The ends of a range.
  std::string from() const { return c.selectors.front().substr(0, c.selectors.front().find(':')); }
  std::string to() const { return c.selectors.front().substr(c.selectors.front().find(':') + 1); }

  // Whether any selector of the case, the ends of a range taken apart, is of that kind.
  bool any(const std::function<bool(const Selector&)>& is) const {
    std::vector<std::string> all = c.selectors;
    if (command("history")) all = {from(), to()};
    return std::ranges::any_of(all, [&](const std::string& text) {
      try {
        return is(Selector::parse(text));
      } catch (const Error&) {
        return false;  // an end that is left out
      }
    });
  }
};

// The rows without those that another row implies.
std::vector<std::vector<std::string>> tidied(const Case& c, const json& tables) {
  const Graph graph = Graph::link(c.revisions);
  std::vector<std::vector<std::string>> result;
  for (const json& table : tables) {
    std::vector<std::string>& rows = result.emplace_back();
    for (const std::string row : table) {
      const Position position = *graph.position(RevisionId{row});
      RevisionSet above = graph.descendants({{position}}, Edges::all);
      above.erase(position);
      if (std::ranges::none_of(table, [&](const std::string& other) { return above.contains(RevisionId{other}); }))
        rows.push_back(row);
    }
  }
  return result;
}

// A difference that is kept on purpose, in the words of docs/branches.md.
struct Difference {
  const char* what;
  std::function<bool(const Compared&)> applies;
};

// +N, -N, BRANCH@+N and BRANCH@-N, as an end of a range.
bool counts(std::string_view end) {
  try {
    return !Selector::parse(end).name;
  } catch (const Error&) {
    return false;
  }
}

bool has_branch(const Selector& selector) {
  return selector.branch.has_value();
}

const std::vector<Difference>& differences() {
  static const std::vector<Difference> all{
      {"a circle that can be entered from a base and left to a head",
       [](const Compared& x) { return x.theirs["linked"] && x.we_refuse("in a circle"); }},
      {"a row that another row implies is not left behind",
       [](const Compared& x) {
         return x.migrates() && x.ours.ok && x.theirs["ok"] && x.replayed().is_array() && !x.ours.steps.empty() &&
                tidied(x.c, x.replayed()) == x.ours.rows && tidied(x.c, x.theirs["rows"]).back() == x.ours.rows.back();
       }},
      {"a row that another row implies does not stop an upgrade, nor do targets of which one implies another",
       [](const Compared& x) {
         return x.ours.ok && x.command("upgrade") && x.they_fail("overlaps with other requested revisions");
       }},
      {"a parent or a dependency that another one implies is no reason to fall",
       [](const Compared& x) {
         const bool falls = x.they_fail("KeyError: '") || x.they_fail("Can't do an UPDATE because");
         return x.ours.ok && (falls || (x.theirs["ok"] && x.replayed().is_string()));
       }},
      {"BRANCH@ID of a downgrade must be on the branch",
       [](const Compared& x) { return x.command("downgrade") && x.theirs["ok"] && x.we_refuse("is not on branch"); }},
      {"BRANCH@ must be one branch, also where nothing depends on it",
       [](const Compared& x) {
         return x.theirs["ok"] && x.any(has_branch) &&
                (x.we_refuse("no revision or branch") || x.we_refuse("begins several names"));
       }},
      {"what begins an id is looked for on the branch, in BRANCH@ID of a downgrade and a stamp",
       [](const Compared& x) {
         return (x.command("downgrade") || x.command("stamp")) && x.ours.ok && x.they_fail("Can't locate revision") &&
                x.any([&](const Selector& s) { return s.branch && s.name && !x.graph().name(*s.name); });
       }},
      {"names with a full stop can be counted from",
       [](const Compared& x) {
         return x.migrates() && x.ours.ok && x.they_fail("Can't locate revision") &&
                x.any([](const Selector& s) { return s.steps && s.name && s.name->find('.') != std::string::npos; });
       }},
      {"BRANCH@head and BRANCH@heads of a downgrade are those of the branch",
       [](const Compared& x) {
         return x.command("downgrade") &&
                x.any([](const Selector& s) { return s.branch && s.name && s.name->starts_with("head"); });
       }},
      {"-N is refused where several revisions are current",
       [](const Compared& x) {
         return x.command("downgrade") && x.theirs["ok"] &&
                x.any([](const Selector& s) { return !s.name && !s.branch; }) &&
                x.we_refuse("could count from several current revisions");
       }},
      {"downgrade to what is applied only because another revision depends on it does nothing",
       [](const Compared& x) {
         return x.command("downgrade") && x.ours.ok && x.ours.steps.empty() &&
                x.they_fail("is not a valid downgrade target from current head(s)");
       }},
      {"nothing is below base",
       [](const Compared& x) {
         return x.theirs["ok"] && (x.we_refuse("nothing is below it") || x.any([](const Selector& s) {
                  return s.name == "base" && s.steps && *s.steps < 0;
                }));
       }},
      {"ID+N and ID-N are taken everywhere, and may come to base",
       [](const Compared& x) {
         return x.ours.ok && x.any([](const Selector& s) { return s.steps.has_value(); }) &&
                ((!x.migrates() && x.they_fail("Can't locate revision")) || x.they_fail("AttributeError"));
       }},
      {"BRANCH@-N counts from every head of the branch where no database is asked",
       [](const Compared& x) {
         return (x.command("show") || x.command("merge")) && x.theirs["ok"] &&
                x.any([](const Selector& s) { return s.branch && !s.name; });
       }},
      {"in a range, -N counts from the upper end, wherever the heads are",
       [](const Compared& x) {
         return x.command("history") && counts(x.from()) && x.to() != "heads" && !x.to().empty();
       }},
      {"in a range, -N may come to base, and from several heads to revisions of which one implies another",
       [](const Compared& x) {
         return x.command("history") && counts(x.from()) && x.ours.ok &&
                (x.they_fail("does not refer to ancestor/descendant") || x.they_fail("Multiple head revisions"));
       }},
      {"in a range, a row or a head that another one implies does not matter",
       [](const Compared& x) {
         return x.command("history") && x.ours.ok && x.they_fail("overlaps with other requested revisions");
       }},
      {"in a range, TO that counts down to base lists nothing, and FROM that only a dependency leads to is listed",
       [](const Compared& x) { return x.command("history") && x.ours.ok && x.they_fail("AssertionError"); }},
      {"in a range, both ends may be current, and current is base where nothing is applied",
       [](const Compared& x) {
         return x.command("history") && x.to() == "current" && (x.from() == "current" || x.c.rows.empty());
       }},
      {"in a range, BRANCH@ may be any name",
       [](const Compared& x) {
         const std::size_t at = x.from().find('@');
         if (!x.command("history") || at == std::string::npos) return false;
         const Graph graph = x.graph();
         const Graph::Name* name = graph.name(x.from().substr(0, at));
         return x.ours.ok && (name == nullptr || name->kind == Graph::Name::Kind::id);
       }},
      {"a stamp leaves no row that another row implies, and does not fall where there is one",
       [](const Compared& x) {
         if (!x.command("stamp") || !x.ours.ok) return false;
         if (tidied(x.c, json{x.c.rows}).back() != x.c.rows) return x.theirs["ok"] || x.they_fail("AssertionError");
         if (!x.theirs["ok"]) return false;
         const json& rows = x.theirs["rows"];
         return tidied(x.c, rows.empty() ? json{x.c.rows} : rows).back() == x.ours.rows.back();
       }},
      {"several targets of a stamp don't take one another's rows away",
       [](const Compared& x) {
         const bool falls = x.they_fail("KeyError: '") || x.they_fail("AssertionError");
         const bool several = x.c.selectors.size() > 1 || x.any([](const Selector& s) { return s.name == "heads"; });
         return x.command("stamp") && x.ours.ok && several && (falls || x.theirs["ok"]);
       }},
      {"a stamp of BRANCH@ID leaves rows of the branch alone that are neither above nor below ID",
       [](const Compared& x) {
         return x.command("stamp") && x.ours.ok && x.any(has_branch) &&
                (x.theirs["ok"] || x.they_fail("AssertionError"));
       }},
      {"a stamp with a count alone is refused",
       [](const Compared& x) { return x.command("stamp") && x.we_refuse("counts, and a stamp says"); }},
      {"a stamp at base and elsewhere is refused",
       [](const Compared& x) { return x.command("stamp") && x.we_refuse("can't be at base and at a revision"); }},
  };
  return all;
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
      Case c = random_case(chance);
      Outcome outcome = slipway(c);
      // Half of what chance selects is nonsense. Refusals are compared too, but they need not be half of the cases.
      for (int tries = 0; tries < 3 && outcome.linked && !outcome.ok && chance.percent(70); ++tries) {
        choose_selectors(chance, c, Graph::link(c.revisions));
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
