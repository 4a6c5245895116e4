#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// What a fuzzer has kept, read again by an ordinary build: inputs that each reach something the others do not, and
// those that once found something. A fuzzer's checks end the program; the line before says which file it was.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

TEST(Corpus, HoldsNothingThatIsNotReadOrRefused) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{SLIPWAY_CORPUS})
    files.push_back(entry.path());
  ASSERT_FALSE(files.empty());
  std::ranges::sort(files);
  for (const fs::path& path : files) {
    std::cout << path.filename().string() << std::endl;
    std::ifstream file{path, std::ios::binary};
    const std::string input{std::istreambuf_iterator<char>{file}, {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
}

}  // namespace
