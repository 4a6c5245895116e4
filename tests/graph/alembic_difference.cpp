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
      {"a cycle that has a way in from a base and a way out to a head is an error",
       [](const Compared& x) { return x.theirs["linked"] && x.we_refuse("form a cycle"); }},
      {"no row is left behind that another row implies",
       [](const Compared& x) {
         return x.migrates() && x.ours.ok && x.theirs["ok"] && x.replayed().is_array() && !x.ours.steps.empty() &&
                tidied(x.c, x.replayed()) == x.ours.rows && tidied(x.c, x.theirs["rows"]).back() == x.ours.rows.back();
       }},
      {"an upgrade accepts a row that another row implies, and a target that another target implies",
       [](const Compared& x) {
         return x.ours.ok && x.command("upgrade") && x.they_fail("overlaps with other requested revisions");
       }},
      {"a parent or a dependency that another one implies causes no error",
       [](const Compared& x) {
         const bool falls = x.they_fail("KeyError: '") || x.they_fail("Can't do an UPDATE because");
         return x.ours.ok && (falls || (x.theirs["ok"] && x.replayed().is_string()));
       }},
      {"in a downgrade to BRANCH@ID, ID must be on the branch",
       [](const Compared& x) { return x.command("downgrade") && x.theirs["ok"] && x.we_refuse("is not on branch"); }},
      {"BRANCH@ must name one branch, even if the result does not depend on it",
       [](const Compared& x) {
         return x.theirs["ok"] && x.any(has_branch) &&
                (x.we_refuse("no revision or branch") || x.we_refuse("is an ambiguous abbreviation"));
       }},
      {"in a downgrade or stamp of BRANCH@ID, an abbreviated ID is looked up on the branch",
       [](const Compared& x) {
         return (x.command("downgrade") || x.command("stamp")) && x.ours.ok && x.they_fail("Can't locate revision") &&
                x.any([&](const Selector& s) { return s.branch && s.name && !x.graph().name(*s.name); });
       }},
      {"you can count from a name with a full stop",
       [](const Compared& x) {
         return x.migrates() && x.ours.ok && x.they_fail("Can't locate revision") &&
                x.any([](const Selector& s) { return s.steps && s.name && s.name->find('.') != std::string::npos; });
       }},
      {"in a downgrade, BRANCH@head and BRANCH@heads mean the heads of the branch",
       [](const Compared& x) {
         return x.command("downgrade") &&
                x.any([](const Selector& s) { return s.branch && s.name && s.name->starts_with("head"); });
       }},
      {"-N is refused if several revisions are current",
       [](const Compared& x) {
         return x.command("downgrade") && x.theirs["ok"] &&
                x.any([](const Selector& s) { return !s.name && !s.branch; }) &&
                x.we_refuse("could count from several current revisions");
       }},
      {"a downgrade to a revision that is applied only because another one depends on it does nothing",
       [](const Compared& x) {
         return x.command("downgrade") && x.ours.ok && x.ours.steps.empty() &&
                x.they_fail("is not a valid downgrade target from current head(s)");
       }},
      {"nothing is below base",
       [](const Compared& x) {
         return x.theirs["ok"] && (x.we_refuse("nothing is below base") || x.any([](const Selector& s) {
                  return s.name == "base" && s.steps && *s.steps < 0;
                }));
       }},
      {"ID+N and ID-N are accepted everywhere, and may lead to base",
       [](const Compared& x) {
         return x.ours.ok && x.any([](const Selector& s) { return s.steps.has_value(); }) &&
                ((!x.migrates() && x.they_fail("Can't locate revision")) || x.they_fail("AttributeError"));
       }},
      {"BRANCH@-N counts from every head of the branch if no database is asked",
       [](const Compared& x) {
         return (x.command("show") || x.command("merge")) && x.theirs["ok"] &&
                x.any([](const Selector& s) { return s.branch && !s.name; });
       }},
      {"in a range, -N counts from the upper end, wherever the heads are",
       [](const Compared& x) {
         return x.command("history") && counts(x.from()) && x.to() != "heads" && !x.to().empty();
       }},
      {"in a range, -N may lead to base, and from several heads to revisions of which one implies another",
       [](const Compared& x) {
         return x.command("history") && counts(x.from()) && x.ours.ok &&
                (x.they_fail("does not refer to ancestor/descendant") || x.they_fail("Multiple head revisions"));
       }},
      {"in a range, a row or a head that another one implies causes no error",
       [](const Compared& x) {
         return x.command("history") && x.ours.ok && x.they_fail("overlaps with other requested revisions");
       }},
      {"in a range, TO may count down to base, which lists nothing, and only a dependency may lead to FROM",
       [](const Compared& x) { return x.command("history") && x.ours.ok && x.they_fail("AssertionError"); }},
      {"in a range, both ends may be current, and current is base if nothing is applied",
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
      {"a stamp leaves no row that another row implies, and accepts such a row",
       [](const Compared& x) {
         if (!x.command("stamp") || !x.ours.ok) return false;
         if (tidied(x.c, json{x.c.rows}).back() != x.c.rows) return x.theirs["ok"] || x.they_fail("AssertionError");
         if (!x.theirs["ok"]) return false;
         const json& rows = x.theirs["rows"];
         return tidied(x.c, rows.empty() ? json{x.c.rows} : rows).back() == x.ours.rows.back();
       }},
      {"the targets of one stamp don't remove each other's rows",
       [](const Compared& x) {
         const bool falls = x.they_fail("KeyError: '") || x.they_fail("AssertionError");
         const bool several = x.c.selectors.size() > 1 || x.any([](const Selector& s) { return s.name == "heads"; });
         return x.command("stamp") && x.ours.ok && several && (falls || x.theirs["ok"]);
       }},
      {"a stamp of BRANCH@ID keeps the rows of the branch that are neither above nor below ID",
       [](const Compared& x) {
         return x.command("stamp") && x.ours.ok && x.any(has_branch) &&
                (x.theirs["ok"] || x.they_fail("AssertionError"));
       }},
      {"a stamp with only a count is refused",
       [](const Compared& x) { return x.command("stamp") && x.we_refuse("is relative, but a stamp needs"); }},
      {"a stamp at base and at a revision is refused",
       [](const Compared& x) { return x.command("stamp") && x.we_refuse("can't be at base and at a revision"); }},
  };
  return all;
}

}  // namespace slipway::test
