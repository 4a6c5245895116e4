#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Every state that a script without a transaction can be left in, crossed with what the next image can bring. What is
// done is never done again, and never taken for something else; where nothing is done, any image may start.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Command = std::vector<std::string>;

enum class Way { up, down };

// What is done of a script of three statements, and how it stopped.
enum class Left {
  failed_at_first,
  cut_off_in_first,
  failed_at_second,
  cut_off_in_second,
  cut_off_at_the_end,
  in_doubt
};

// What the next image has in place of the script, or what others have done to the database.
enum class Change {
  none,
  layout,
  next_statement,
  last_statement,
  appended,
  removed_last,
  done_statement,
  inserted_first,
  to_a_transaction,
  revision_removed,
  revision_replaced,
  head_moved_on,
  head_moved_back,
};

enum class Outcome {
  all,     // the script as it stands runs from its beginning
  rest,    // it runs from where the other stopped
  other,   // what else is to be done is done, and the script is forgotten
  person,  // nothing runs, and the error says how to resolve it
};

constexpr std::array lefts{Left::failed_at_first,   Left::cut_off_in_first,   Left::failed_at_second,
                           Left::cut_off_in_second, Left::cut_off_at_the_end, Left::in_doubt};

struct Row {
  Change change;
  std::string_view name;
  Outcome nothing_done;
  Outcome one_done;
  Outcome all_done;
  Outcome in_doubt;  // behind one that is done, and not safe to repeat
};

constexpr std::array rows{
    Row{Change::none, "none", Outcome::all, Outcome::rest, Outcome::rest, Outcome::person},
    Row{Change::layout, "layout", Outcome::all, Outcome::rest, Outcome::rest, Outcome::person},
    Row{Change::next_statement, "next statement", Outcome::all, Outcome::rest, Outcome::person, Outcome::person},
    Row{Change::last_statement, "last statement", Outcome::all, Outcome::rest, Outcome::person, Outcome::person},
    Row{Change::appended, "appended", Outcome::all, Outcome::rest, Outcome::rest, Outcome::person},
    Row{Change::removed_last, "removed last", Outcome::all, Outcome::rest, Outcome::person, Outcome::person},
    Row{Change::done_statement, "done statement", Outcome::all, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::inserted_first, "inserted first", Outcome::all, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::to_a_transaction, "to a transaction", Outcome::all, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::revision_removed, "removed", Outcome::other, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::revision_replaced, "replaced", Outcome::other, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::head_moved_on, "moved on", Outcome::other, Outcome::person, Outcome::person, Outcome::person},
    Row{Change::head_moved_back, "moved back", Outcome::all, Outcome::person, Outcome::person, Outcome::person},
};

std::string insert(const std::string& letter) {
  return "INSERT INTO audit VALUES ('" + letter + "');";
}

class Unfinished {
 public:
  Unfinished(Way way, Left left, Change change) : way_{way}, left_{left}, change_{change} {
    project.write("001_audit.sql", "CREATE TABLE IF NOT EXISTS audit (letter text);");
    write("002", statements_, "transaction:false");
    execute("CREATE TABLE audit (letter text)");
  }

  void stop() {
    if (way_ == Way::down) run({"upgrade"}, 0);
    std::vector<std::string> first_image = statements_;
    switch (left_) {
      case Left::failed_at_first:
      case Left::cut_off_in_first:
        first_image[0] = "INSERT INTO missing VALUES (1);";
        break;
      case Left::failed_at_second:
      case Left::cut_off_in_second:
        first_image[1] = "INSERT INTO missing VALUES (1);";
        break;
      case Left::in_doubt:
        first_image[1] = "DO $$ BEGIN COMMIT; RAISE EXCEPTION 'in doubt'; END $$;";
        break;
      case Left::cut_off_at_the_end:
        run({"upgrade", "001"}, 0);
        execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not yet'; END $$; "
            "CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version FOR EACH ROW EXECUTE FUNCTION refuse()");
        break;
    }
    begun_ = first_image;
    write("002", first_image, "transaction:false");
    EXPECT_NE(project.run(command()).exit_code, 0);
    execute("DROP TRIGGER IF EXISTS refuse ON alembic_version; CREATE TABLE missing (i int)");
    // As a server leaves it whose process was killed in a statement that shares its transaction with the record.
    if (left_ == Left::cut_off_in_first || left_ == Left::cut_off_in_second)
      execute("UPDATE slipway_journal SET state = 'running' WHERE state = 'failed'");
  }

  void change() {
    std::vector<std::string> now = begun_;
    const std::size_t next = done();
    switch (change_) {
      case Change::none:
        break;
      case Change::layout:
        now[0] = "-- of the company\n  insert into AUDIT\n" + now[0].substr(std::string{"INSERT INTO audit"}.size());
        if (!begun_[0].starts_with("INSERT INTO audit")) now[0] = "-- of the company\n" + begun_[0];
        break;
      case Change::next_statement:
        now[std::min<std::size_t>(next, 2)] = insert("x");
        break;
      case Change::last_statement:
        now[2] = insert("x");
        break;
      case Change::appended:
        now.push_back(insert("x"));
        break;
      case Change::removed_last:
        now.pop_back();
        break;
      case Change::done_statement:
        now[0] = insert("x");
        break;
      case Change::inserted_first:
        now.insert(now.begin(), insert("x"));
        break;
      case Change::to_a_transaction:
        write("002", now, "");
        now_ = now;
        return;
      case Change::revision_removed:
        project.remove("migrations/002_work.sql");
        return;
      case Change::revision_replaced:
        project.remove("migrations/002_work.sql");
        write("003", {insert("x")}, "transaction:false");
        return;
      case Change::head_moved_on:
        execute(way_ == Way::up ? "UPDATE alembic_version SET version_num = '002'"
                                : "UPDATE alembic_version SET version_num = '001'");
        break;
      case Change::head_moved_back:
        execute("DELETE FROM alembic_version");
        break;
    }
    write("002", now, "transaction:false");
    now_ = now;
  }

  void expect(Outcome outcome) {
    const std::string letters_before = letters();
    const Finished finished = project.run(command());
    switch (outcome) {
      case Outcome::all:
        EXPECT_EQ(finished.exit_code, 0) << finished.err;
        EXPECT_EQ(letters(), sorted(of(now_)));
        break;
      case Outcome::rest:
        EXPECT_EQ(finished.exit_code, 0) << finished.err;
        EXPECT_EQ(letters(), sorted(letters_before + of({now_.begin() + static_cast<int>(done()), now_.end()})));
        break;
      case Outcome::other:
        EXPECT_EQ(finished.exit_code, 0) << finished.err;
        EXPECT_THAT(finished.err, HasSubstr("its entry was removed from the journal"));
        EXPECT_EQ(letters(), letters_before + (change_ == Change::revision_replaced ? "x" : ""));
        break;
      case Outcome::person:
        expect_to_be_told(finished);
        EXPECT_EQ(letters(), letters_before);
        return;
    }
    // Recorded as it ran: nothing is taken for edited, or for unfinished, afterwards.
    EXPECT_THAT(project.database().rows("SELECT state FROM slipway_journal WHERE state <> 'done'"), IsEmpty());
    EXPECT_THAT(project.database().rows("SELECT statements FROM slipway_journal WHERE statements <> statements_done"),
                IsEmpty());
    const Finished check = project.run({"check", "--allow-pending"});
    EXPECT_EQ(check.exit_code, 0) << check.out;
  }

  void expect_to_be_resolved() {
    if (way_ == Way::down && is_gone()) return;  // what is below it only the folder tells
    const Finished resolved = project.run({"resolve", "002", "--done"});
    if (change_ == Change::head_moved_back && way_ == Way::up) {
      EXPECT_EQ(resolved.exit_code, 65) << resolved.err;
      EXPECT_THAT(resolved.err, HasSubstr("001, which it needs, is not applied"));
      EXPECT_EQ(project.run({"resolve", "002", "--retry"}).exit_code, 0);
      return;
    }
    EXPECT_EQ(resolved.exit_code, 0) << resolved.err;
    EXPECT_THAT(project.database().rows("SELECT state FROM slipway_journal WHERE state <> 'done'"), IsEmpty());
    EXPECT_EQ(project.database().value("SELECT count(*) FROM alembic_version WHERE version_num = '002'"),
              way_ == Way::up ? "1" : "0");
    if (is_gone()) return;
    const Finished check = project.run({"check", "--allow-pending"});
    EXPECT_EQ(check.exit_code, 0) << check.out;
    EXPECT_EQ(project.run(command()).exit_code, 0) << "what is done stays so";
  }

  Project project;

 private:
  Command command() const { return way_ == Way::up ? Command{"upgrade"} : Command{"downgrade", "001"}; }
  bool is_gone() const { return change_ == Change::revision_removed || change_ == Change::revision_replaced; }

  std::size_t done() const {
    if (left_ == Left::failed_at_first || left_ == Left::cut_off_in_first) return 0;
    return left_ == Left::cut_off_at_the_end ? 3 : 1;
  }

  void expect_to_be_told(const Finished& finished) {
    EXPECT_THAT(finished.exit_code, testing::AnyOf(73, 65)) << finished.err;
    if (way_ == Way::down && is_gone()) return;  // the database is ahead of the folder, and that is said
    EXPECT_THAT(finished.err, HasSubstr("`slipway resolve 002 --done`"));
    EXPECT_THAT(finished.err, HasSubstr("`slipway resolve 002 --retry`"));
    const std::string so_far = " after " + std::to_string(done()) + " of its 3 statements";
    EXPECT_THAT(finished.err, HasSubstr((left_ == Left::failed_at_second ? "failed" : "was cut off") + so_far));
    const Finished check = project.run({"check", "--allow-pending", "--format", "json"});
    EXPECT_THAT(check.out, HasSubstr("\"cut_off\""));
  }

  void run(const Command& arguments, int code) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, code) << finished.err;
  }
  void execute(const std::string& sql) { project.database().execute(sql); }

  void write(const std::string& id, const std::vector<std::string>& statements, const std::string& options) {
    std::string script;
    for (const std::string& statement : statements)
      script += statement + "\n";
    const std::string up = way_ == Way::up ? "-- migrate:up " + options + "\n" + script : "-- migrate:up\nSELECT 1;\n";
    const std::string down =
        way_ == Way::up ? "-- migrate:down\nSELECT 1;\n" : "-- migrate:down " + options + "\n" + script;
    project.write_file("migrations/" + id + "_work.sql", up + down);
  }

  std::string letters() {
    return project.database().value("SELECT coalesce(string_agg(letter, '' ORDER BY letter), '') FROM audit");
  }
  static std::string of(const std::vector<std::string>& statements) {
    std::string found;
    for (const std::string& statement : statements)
      if (const std::size_t quote = statement.find("VALUES ('"); quote != std::string::npos)
        found += statement[quote + std::string_view{"VALUES ('"}.size()];
    return found;
  }
  static std::string sorted(std::string text) {
    std::ranges::sort(text);
    return text;
  }

  Way way_;
  Left left_;
  Change change_;
  const std::vector<std::string> statements_{insert("a"), insert("b"), insert("c")};
  std::vector<std::string> begun_;
  std::vector<std::string> now_;
};

Outcome outcome_of(const Row& row, Left left) {
  switch (left) {
    case Left::failed_at_first:
    case Left::cut_off_in_first:
      return row.nothing_done;
    case Left::failed_at_second:
    case Left::cut_off_in_second:
      return row.one_done;
    case Left::cut_off_at_the_end:
      return row.all_done;
    case Left::in_doubt:
      break;
  }
  return row.in_doubt;
}

void expect_all(Way way) {
  for (const Row& row : rows)
    for (const Left left : lefts) {
      // A downgrade's head can be moved only away from what it undoes, and what the folder has no more is ahead of it.
      if (way == Way::down && row.change == Change::head_moved_back) continue;
      SCOPED_TRACE(std::string{row.name} + ", " + std::to_string(static_cast<int>(left)));
      Unfinished script{way, left, row.change};
      script.stop();
      script.change();
      const bool is_ahead =
          way == Way::down && (row.change == Change::revision_removed || row.change == Change::revision_replaced);
      const Outcome outcome = is_ahead ? Outcome::person : outcome_of(row, left);
      script.expect(outcome);
      if (outcome == Outcome::person) script.expect_to_be_resolved();
    }
}

TEST(AnUnfinishedScript, GoesOnWhereItMayOnTheWayUp) {
  expect_all(Way::up);
}

TEST(AnUnfinishedScript, GoesOnWhereItMayOnTheWayDown) {
  expect_all(Way::down);
}

}  // namespace
}  // namespace slipway::fixture
