#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "settings/database_url.h"
#include "settings/percent_encoding.h"

namespace slipway {
namespace {

using testing::HasSubstr;
using testing::Not;

// Random URLs; the seed is printed with a failure.
class RandomUrls : public testing::Test {
 protected:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_); }

  std::string text(std::string_view alphabet, std::size_t least, std::size_t most) {
    std::string text(least + below(most - least + 1), ' ');
    for (char& character : text)
      character = alphabet[below(alphabet.size())];
    return text;
  }

  // Every character that means something in a URL, a keyword list or a terminal, and some that mean nothing.
  std::string odd_text(std::size_t least, std::size_t most) {
    static constexpr std::string_view odd = "abcXYZ019 \t\n@:/?#[]!$&'()*+,;=%\\\"<>{}|^`~-_.\x01\x7F\xC3\xA9\xFF";
    return text(odd, least, most);
  }

  std::string host() {
    switch (below(4)) {
      case 0:
        return "::" + text("0123456789abcdef", 1, 4);
      case 1:
        return "/" + text("abc/ %?#@=&.", 0, 12);
      case 2:
        return "10.0.0." + std::to_string(below(256));
      default:
        return text("abcdefghijklmnopqrstuvwxyz0123456789-.", 1, 20);
    }
  }

  DatabaseUrl url() {
    std::vector<DatabaseUrl::Parameter> parameters;
    std::string hosts;
    std::string ports;
    const bool with_ports = below(2) == 0;
    const std::size_t count = below(4);
    for (std::size_t i = 0; i < count; ++i) {
      hosts += (i > 0 ? "," : "") + host();
      ports += (i > 0 ? "," : "") + (below(4) == 0 ? "" : std::to_string(1 + below(65'535)));
    }
    parameters.emplace_back("host", hosts);
    if (with_ports) parameters.emplace_back("port", ports);
    if (below(4) > 0) parameters.emplace_back("user", odd_text(0, 20));
    if (below(4) > 0) parameters.emplace_back("password", password());
    if (below(4) > 0) parameters.emplace_back("dbname", odd_text(0, 20));
    if (below(4) == 0) parameters.emplace_back("sslpassword", password());
    if (below(4) == 0) parameters.emplace_back("options", odd_text(0, 20));
    if (below(4) == 0) parameters.emplace_back("application_name", odd_text(0, 20));
    return DatabaseUrl::of(std::move(parameters));
  }

  // Long enough that nothing else holds it by chance.
  std::string password() { return "Q" + odd_text(1, 20) + "hunter2" + odd_text(0, 20); }

  const unsigned int seed_ = std::random_device{}();
  testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  std::mt19937 random_{seed_};
};

TEST_F(RandomUrls, AreReadBackAsTheyWereWritten) {
  for (int i = 0; i < 3000; ++i) {
    const DatabaseUrl written = url();
    const DatabaseUrl read = DatabaseUrl::parse(written.to_uri());
    ASSERT_EQ(read.parameters(), written.parameters()) << written.to_uri();
    ASSERT_EQ(read.to_uri(), written.to_uri());
  }
}

TEST_F(RandomUrls, AreReadBackInSqlalchemysForm) {
  for (int i = 0; i < 3000; ++i) {
    const DatabaseUrl written = url();
    ASSERT_EQ(DatabaseUrl::parse(written.to_uri("postgresql+asyncpg")), written) << written.to_uri();
  }
}

TEST_F(RandomUrls, AreReadBackFromKeywords) {
  for (int i = 0; i < 3000; ++i) {
    const DatabaseUrl written = url();
    std::string keywords = "connect_timeout=1";
    for (const auto& [keyword, value] : written.parameters()) {
      keywords += " " + keyword + "='";
      for (const char character : value)
        keywords += (character == '\'' || character == '\\' ? "\\" : "") + std::string{character};
      keywords += "'";
    }
    auto expected = written.parameters();
    expected.emplace_back("connect_timeout", "1");
    ASSERT_EQ(DatabaseUrl::parse(keywords), DatabaseUrl::of(expected)) << keywords;
  }
}

TEST_F(RandomUrls, NeverShowTheirPassword) {
  for (int i = 0; i < 3000; ++i) {
    const DatabaseUrl url = this->url();
    for (const std::string& shown :
         {url.masked(), url.host_description(), testing::PrintToString(url), DatabaseUrl::parse(url.masked()).to_uri()})
      ASSERT_THAT(shown, Not(HasSubstr("hunter2")));
  }
}

// A character of a good URL changed, left out or doubled: whatever becomes of it, no error shows the password.
TEST_F(RandomUrls, NeverShowTheirPasswordInAnError) {
  for (int i = 0; i < 5000; ++i) {
    std::string text = url().to_uri();
    for (std::size_t changes = 1 + below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = below(text.size());
      switch (below(3)) {
        case 0:
          text[place] = odd_text(1, 1).front();
          break;
        case 1:
          text.erase(place, 1);
          break;
        default:
          text.insert(place, odd_text(1, 1));
      }
    }
    try {
      DatabaseUrl::parse(text);
    } catch (const Error& error) {
      ASSERT_EQ(error.exit_code(), ExitCode::bad_configuration);
      ASSERT_THAT(error.message() + error.hint(), Not(HasSubstr("hunter2"))) << text;
    }
  }
}

TEST_F(RandomUrls, PercentEncodingIsReadBack) {
  for (int i = 0; i < 3000; ++i) {
    const std::string plain = odd_text(0, 40);
    const std::string encoded = percent_encode(plain);
    ASSERT_EQ(percent_decode(encoded), plain);
    ASSERT_EQ(encoded.find_first_of(" @:/?#[]&='\"\\\n"), std::string::npos);
  }
}

}  // namespace
}  // namespace slipway
