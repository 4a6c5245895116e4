#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include <gtest/gtest.h>

#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/stamp.h"

// What holds for every graph, every version table and every target. SLIPWAY_SEED and SLIPWAY_CASES choose others.

namespace slipway {
namespace {

using test::Chance;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Property : public testing::Test {
 protected:
  // Runs `check` for each case: a graph, the rows of a database, and one of the graph's revisions.
  template <typename Check>
  void for_all(Check check) {
    const std::uint64_t seed = setting("SLIPWAY_SEED", 1977);
    const std::size_t cases = setting("SLIPWAY_CASES", 2000);
    std::cout << "seed " << seed << ", " << cases << " cases (SLIPWAY_SEED, SLIPWAY_CASES)\n";
    Chance chance{seed};
    for (std::size_t i = 0; i < cases && !HasFailure(); ++i) {
      const Graph graph = Graph::link(test::random_revisions(chance, {.revisions = chance.between(1, 60),
                                                                      .bases = chance.below(20),
                                                                      .branches = chance.below(40),
                                                                      .merges = chance.below(30),
                                                                      .odd_merges = chance.percent(20) ? 10U : 0U,
                                                                      .dependencies = chance.below(30),
                                                                      .labels = chance.below(20)}));
      const Heads rows = test::random_heads(chance, graph);
      SCOPED_TRACE("case " + std::to_string(i) + ", rows " + rows.str());
      check(graph, rows, graph[static_cast<Position>(chance.below(graph.size()))]);
    }
  }
};

Target up_to(const Revision& revision) {
  return {.direction = Direction::upgrade, .selector = {}, .revisions = {revision.id}, .dropped = {}};
}

Target without(const std::vector<RevisionId>& revisions) {
  return {.direction = Direction::downgrade, .selector = {}, .revisions = {}, .dropped = revisions};
}

TEST_F(Property, AnUpgradeUndoneStepByStepRestoresEveryTable) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    const Plan up = plan(graph, rows, up_to(revision));
    std::vector<Heads> tables{rows};
    for (const Step& step : up.steps)
      tables.push_back(step.rows.applied_to(tables.back()));
    for (std::size_t i = up.steps.size(); i-- > 0;) {
      const Revision& undone = *up.steps[i].revision;
      ASSERT_EQ(heads_after(graph, tables[i + 1], undone, Direction::downgrade), tables[i]) << undone.id.str();
    }
  });
}

TEST_F(Property, AnUpgradeFollowedByItsDowngradeRestoresTheTable) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    const Plan up = plan(graph, rows, up_to(revision));
    std::vector<RevisionId> added;
    for (const Step& step : up.steps)
      added.push_back(step.revision->id);
    const Plan down = plan(graph, up.after, without(added));
    ASSERT_EQ(down.steps.size(), up.steps.size());
    ASSERT_EQ(down.after, rows);
  });
}

TEST_F(Property, NothingRunsBeforeItsParentsAndDependenciesNorGoesBeforeWhatBuildsOnIt) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    RevisionSet applied = graph.applied(rows);
    for (const Target& target : {up_to(revision), without({revision.id})}) {
      RevisionSet now = applied;
      for (const Step& step : plan(graph, rows, target).steps) {
        const Position p = *graph.position(step.revision->id);
        const bool up = target.direction == Direction::upgrade;
        ASSERT_EQ(now.contains(p), !up);
        for (const Position other : up ? graph.below(p) : graph.above(p))
          ASSERT_EQ(now.contains(other), up);
        up ? now.insert(p) : now.erase(p);
      }
      ASSERT_EQ(now.contains(revision.id), target.direction == Direction::upgrade);
    }
  });
}

TEST_F(Property, OneStepAtATimeWithANewPlanAfterEachComesToTheSameEnd) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    for (const Target& target : {up_to(revision), without({revision.id})}) {
      const Plan whole = plan(graph, rows, target);
      Heads now = rows;
      for (const Step& step : whole.steps) {
        const Plan rest = plan(graph, now, target);
        ASSERT_FALSE(rest.empty());
        ASSERT_EQ(rest.steps.front().revision->id, step.revision->id);
        ASSERT_EQ(rest.after, whole.after);
        now = heads_after(graph, now, *rest.steps.front().revision, target.direction);
      }
      ASSERT_EQ(now, whole.after);
      ASSERT_TRUE(plan(graph, now, target).empty());
    }
  });
}

TEST_F(Property, TheRowsAreWhatNothingAppliedBuildsOn) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    const Plan up = plan(graph, rows, up_to(revision));
    const RevisionSet applied = graph.applied(up.after);
    std::vector<RevisionId> topmost;
    for (const Position p : applied.positions())
      if (std::ranges::none_of(graph.above(p), [&](Position upper) { return applied.contains(upper); }))
        topmost.push_back(graph[p].id);
    ASSERT_EQ(up.after, Heads{topmost});
  });
}

// A runner that deletes or renames a row that is not there would take it for another's doing.
void expect_exact(const RowChange& change, const Heads& before) {
  for (const RevisionId& id : change.deleted)
    EXPECT_TRUE(before.contains(id)) << id.str();
  for (const RevisionId& id : change.inserted)
    EXPECT_FALSE(before.contains(id)) << id.str();
  if (!change.updated) return;
  EXPECT_TRUE(before.contains(change.updated->from)) << change.updated->from.str();
  EXPECT_FALSE(before.contains(change.updated->to)) << change.updated->to.str();
  EXPECT_EQ(std::ranges::count(change.deleted, change.updated->from), 0);
  EXPECT_EQ(std::ranges::count(change.inserted, change.updated->to), 0);
}

TEST_F(Property, AChangeNamesOnlyRowsThatAreThereAndBringsOnlyRowsThatAreNot) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    // Now and then a table as Alembic can leave it, with a row that another one implies.
    Heads table = rows;
    if (graph.applied(rows).contains(revision.id)) table.insert(revision.id);
    for (const Target& target : {up_to(revision), without({revision.id})}) {
      Heads now = table;
      const Plan whole = plan(graph, table, target);
      for (const Step& step : whole.steps) {
        expect_exact(step.rows, now);
        now = step.rows.applied_to(now);
      }
      ASSERT_EQ(now, whole.after);
    }
    const std::vector<std::string> selectors{revision.id.str()};
    expect_exact(plan_stamp(graph, table, selectors).rows, table);
  });
}

TEST_F(Property, AStampLeavesNoRowAboveOrBelowItsTarget) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    const std::vector<std::string> selectors{revision.id.str()};
    const Heads after = plan_stamp(graph, rows, selectors).after;
    const Position p = *graph.position(revision.id);
    ASSERT_TRUE(after.contains(revision.id));
    for (const RevisionId& row : after) {
      const bool related =
          graph.ancestors({{p}}, Edges::all).contains(row) || graph.descendants({{p}}, Edges::all).contains(row);
      ASSERT_EQ(related, row == revision.id);
    }
    for (const RevisionId& row : rows)
      ASSERT_TRUE(after.contains(row) || graph.ancestors({{p}}, Edges::all).contains(row) ||
                  graph.descendants({{p}}, Edges::all).contains(row));
  });
}

TEST_F(Property, TheOrderDependsOnTheRevisionsAloneAndNotOnHowTheyWereRead) {
  for_all([](const Graph& graph, const Heads& rows, const Revision& revision) {
    std::vector<Revision> backwards{graph.begin(), graph.end()};
    std::ranges::reverse(backwards);
    const Graph again = Graph::link(std::move(backwards));
    const Plan first = plan(graph, rows, up_to(revision));
    const Plan second = plan(again, rows, up_to(revision));
    ASSERT_EQ(first.steps.size(), second.steps.size());
    for (std::size_t i = 0; i < first.steps.size(); ++i)
      ASSERT_EQ(first.steps[i].revision->id, second.steps[i].revision->id);
  });
}

TEST_F(Property, AStampIsWhereAnUpgradeOfAnEmptyDatabaseWouldBe) {
  for_all([](const Graph& graph, const Heads&, const Revision& revision) {
    const std::vector<std::string> selectors{revision.id.str()};
    ASSERT_EQ(plan_stamp(graph, {}, selectors).after, plan(graph, {}, up_to(revision)).after);
  });
}

}  // namespace
}  // namespace slipway
