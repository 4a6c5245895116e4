#include "revision/script_check.h"

#include <string>

#include <gmock/gmock.h>

#include "revision/native_format.h"
#include "revision/refusal.h"

namespace slipway {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Revision revision_of(const std::string& content) {
  return read_native_file({.path = "m/1_a.sql", .content = content});
}

Refusal refused(const std::string& content, Direction direction = Direction::upgrade) {
  return refusal_of([&] { check_script(revision_of(content), direction, CheckFor::run); });
}

TEST(ScriptCheck, NamesTheLineOfItsOwnCommit) {
  const Refusal refusal = refused("-- migrate:up\nCREATE TABLE t ();\n\nCOMMIT;\n");
  EXPECT_THAT(refusal.message, StartsWith("m/1_a.sql:4: COMMIT "));
  EXPECT_THAT(refusal.hint, HasSubstr("`-- migrate:up transaction:false`"));
}

TEST(ScriptCheck, NamesWhatCannotRunInATransaction) {
  const Refusal refusal =
      refused("-- migrate:up\n-- migrate:down\n-- x\nDROP INDEX CONCURRENTLY i;", Direction::downgrade);
  EXPECT_THAT(refusal.message, StartsWith("m/1_a.sql:4: DROP INDEX CONCURRENTLY can't run in a transaction"));
  EXPECT_THAT(refusal.hint, HasSubstr("`-- migrate:down transaction:false`"));
}

TEST(ScriptCheck, RefusesWhatNoServerUnderstandsEvenWithoutATransaction) {
  for (const std::string options : {"", " transaction:false"}) {
    EXPECT_THAT(refused("-- migrate:up" + options + "\n\\i other.sql\n").message,
                HasSubstr("1_a.sql:2: a psql command"));
    EXPECT_THAT(refused("-- migrate:up" + options + "\nCOPY t FROM stdin;\n1\tit's\n\\.\n").message,
                HasSubstr("1_a.sql:2: COPY … FROM STDIN"));
  }
}

TEST(ScriptCheck, PassesWhatRuns) {
  check_script(revision_of("-- migrate:up transaction:false\nBEGIN; COMMIT; VACUUM;"), Direction::upgrade,
               CheckFor::run);
  check_script(revision_of("-- migrate:up\nSAVEPOINT a; ROLLBACK TO a;\n-- migrate:down\nCOMMIT;"), Direction::upgrade,
               CheckFor::run);
  check_script(revision_of("-- migrate:up\nCOMMIT;"), Direction::downgrade, CheckFor::run);
  check_script(revision_of("-- migrate:up\nthe server says what is wrong with this"), Direction::upgrade,
               CheckFor::run);
}

}  // namespace
}  // namespace slipway
