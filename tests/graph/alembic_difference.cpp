#include "graph/alembic_difference.h"

#include <algorithm>

#include "error/error.h"

namespace slipway::test {
namespace {

using nlohmann::json;

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

}  // namespace

bool Compared::any(const std::function<bool(const Selector&)>& is) const {
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

}  // namespace slipway::test
