#include "settings/mask.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(MaskPasswords, InUrls) {
  EXPECT_EQ(mask_passwords("alembic -x url=postgresql://u:hunter2@h/d upgrade"),
            "alembic -x url=postgresql://u:***@h/d upgrade");
  EXPECT_EQ(mask_passwords("a://u:p@b://v:q@c"), "a://u:***@c");
  EXPECT_EQ(mask_passwords("a://u:p@w@h d://x:y@z"), "a://u:***@h d://x:***@z");
  EXPECT_EQ(mask_passwords("a://u:p'q@h"), "a://u:***@h");
}

TEST(MaskPasswords, InAssignments) {
  EXPECT_EQ(mask_passwords("PGPASSWORD=hunter2 migrate"), "PGPASSWORD=*** migrate");
  EXPECT_EQ(mask_passwords("Host=h;Pwd=hunter2"), "Host=h;Pwd=***");
  EXPECT_EQ(mask_passwords("host=h password='two words' user=u"), "host=h password=*** user=u");
  EXPECT_EQ(mask_passwords("--password=a --password=b"), "--password=*** --password=***");
  EXPECT_EQ(mask_passwords("?sslpassword=a&x=b"), "?sslpassword=***&x=b");
  EXPECT_EQ(mask_passwords("password="), "password=***");
}

TEST(MaskPasswords, LeavesOtherTextAlone) {
  for (const char* text : {"", "alembic upgrade head", "http://host:80/a", "http://user@host", "a:b@c", "://"})
    EXPECT_EQ(mask_passwords(text), text);
}

}  // namespace
}  // namespace slipway
