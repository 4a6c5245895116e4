#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/shop.h"

// `history` drawn: in the terminal, for Graphviz and Mermaid, and as a page.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json data_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  const std::size_t from = page.find(begin) + begin.size();
  return json::parse(page.substr(from, page.find("</script>", from) - from));
}

class Picture : public testing::Test {
 protected:
  Picture() { shop.merge(); }

  std::string history(std::vector<std::string> options) {
    options.insert(options.begin(), "history");
    const Finished finished = shop.run(options);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished.out;
  }

  Shop shop;
};

TEST_F(Picture, InTheTerminalIsDrawnAsGitDoes) {
  const std::string drawing =
      "* c100 (billing, core) (head), Make c100\n"
      "|\\\n"
      "| * b200 (billing), Make b200\n"
      "| * b100 (billing), Make b100\n"
      "* a200 (core), Make a200\n"
      "* a100 (core), Make a100\n";
  EXPECT_EQ(history({"--graph"}), drawing);
  EXPECT_EQ(history({"--format", "graph"}), drawing);
}

TEST_F(Picture, InTheTerminalMarksWhatIsCurrentAndWhatIsPending) {
  ASSERT_EQ(shop.run({"upgrade", "b100"}).exit_code, 0);
  EXPECT_EQ(history({"--graph", "-i"}),
            "o c100 (billing, core) (head), Make c100\n"
            "|\\\n"
            "| o b200 (billing), Make b200\n"
            "| @ b100 (billing) (current), Make b100\n"
            "o a200 (core), Make a200\n"
            "* a100 (core), Make a100\n");
}

TEST_F(Picture, InTheTerminalHasBlocksBesideItsLines) {
  EXPECT_EQ(history({"--graph", "-v", "-r", "b200:b200"}),
            "* Rev: b200\n  Parent: b100\n  Branch names: billing\n  Path: migrations/b200.sql\n\n      Make b200\n\n");
  EXPECT_THAT(history({"--graph", "-v"}), HasSubstr("| * Rev: b200\n| | Parent: b100\n"));
}

TEST_F(Picture, OfARangeHasOnlyItsOwnLines) {
  EXPECT_EQ(history({"--graph", "-r", ":b200"}),
            "* b200 (billing), Make b200\n* b100 (billing), Make b100\n* a100 (core), Make a100\n");
}

TEST_F(Picture, ForGraphviz) {
  ASSERT_EQ(shop.run({"upgrade", "a100"}).exit_code, 0);
  shop.write_file("migrations/c100.sql", "-- Say \"hi\\\"\n-- revision: c100\n-- revises: a200, b200\n-- migrate:up\n");
  const std::string dot = history({"--format", "dot", "-i"});
  EXPECT_THAT(dot, HasSubstr("digraph revisions {\n"));
  EXPECT_THAT(dot, HasSubstr(R"("c100" [label="c100\nSay \"hi\\\"", style="rounded,dashed"];)"));
  EXPECT_THAT(dot, HasSubstr(R"("a100" [label="a100 (core)\nMake a100", fillcolor="#8fd3a8", penwidth=2];)"));
  EXPECT_THAT(dot, HasSubstr("\"c100\" -> \"b200\";\n"));
  EXPECT_THAT(dot, HasSubstr("\"b100\" -> \"a100\" [style=dashed, constraint=false];\n"));
}

TEST_F(Picture, ForMermaid) {
  shop.write_file("migrations/c100.sql",
                  "-- Say \"hi\" #1; <b>\n-- revision: end\n-- revises: a200, b200\n-- migrate:up\n");
  const std::string mermaid = history({"--format", "mermaid"});
  EXPECT_THAT(mermaid, testing::StartsWith("flowchart TB\n  r4[\"end<br>Say #34;hi#34; #35;1#59; #60;b#62;\"]\n"));
  EXPECT_THAT(mermaid, HasSubstr("r4 --> r1\n"));
  EXPECT_THAT(mermaid, HasSubstr("r2 -.-> r0\n"));
  EXPECT_THAT(mermaid, Not(HasSubstr("classDef")));
  EXPECT_THAT(history({"--format", "mermaid", "-i"}), HasSubstr(":::pending\n"));
}

TEST_F(Picture, AsAPageHoldsStatesTimesAndScripts) {
  ASSERT_EQ(shop.run({"upgrade", "b100"}).exit_code, 0);
  const std::string page = history({"--format", "html", "-i"});
  EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(page, Not(HasSubstr("http://www.w3.org/1999"))) << "nothing is fetched";
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  const json data = data_of(page);
  EXPECT_EQ(data.at("database"), shop.database().name());
  ASSERT_EQ(data.at("rows").size(), 5U);
  const json& b100 = data.at("rows").at(2);
  EXPECT_EQ(b100.at("id"), "b100");
  EXPECT_EQ(b100.at("applied"), true);
  EXPECT_EQ(b100.at("current"), true);
  EXPECT_EQ(b100.at("events").at(0).at("action"), "upgrade");
  EXPECT_THAT(b100.at("events").at(0).at("at").get<std::string>(), testing::MatchesRegex("[0-9-]{10}T[0-9:]{8}Z"));
  EXPECT_EQ(b100.at("up"), "CREATE TABLE b100 (id int PRIMARY KEY);\n");
  EXPECT_EQ(data.at("rows").at(0).at("applied"), false);
}

TEST_F(Picture, AsAPageWithoutADatabaseHasNoStates) {
  shop.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  const json data = data_of(history({"--format", "html"}));
  EXPECT_EQ(data.at("database"), nullptr);
  EXPECT_FALSE(data.at("rows").at(0).contains("applied"));
}

TEST_F(Picture, AsAPageIsNotEndedByAScript) {
  shop.write_file("migrations/c100.sql",
                  "-- </script><b>\n-- revision: c100\n-- revises: a200, b200\n-- migrate:up\nSELECT '</script>';\n");
  const json data = data_of(history({"--format", "html"}));
  EXPECT_EQ(data.at("rows").at(0).at("message"), "</script><b>");
  EXPECT_EQ(data.at("rows").at(0).at("up"), "SELECT '</script>';\n");
}

TEST_F(Picture, AnUnknownFormatNamesTheNearest) {
  const Finished finished = shop.run({"history", "--format", "mermaid2"});
  EXPECT_EQ(finished.exit_code, 64);
  EXPECT_THAT(finished.err, HasSubstr("did you mean mermaid?"));
  EXPECT_EQ(shop.run({"history", "--format", "json"}).out.front(), '[');
  shop.set("SLIPWAY_FORMAT", "json");
  EXPECT_EQ(history({}).front(), '[');
  EXPECT_EQ(history({"--graph"}).front(), '*');
}

}  // namespace
}  // namespace slipway::fixture
