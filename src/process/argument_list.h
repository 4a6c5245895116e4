#pragma once

#include <string>
#include <utility>
#include <vector>

namespace slipway {

// What execve(2) takes for arguments and environment: pointers to strings that it owns, and a null pointer at the end.
// Made before a fork, so that nothing is allocated after it.
class ArgumentList {
 public:
  explicit ArgumentList(std::vector<std::string> strings) : strings_{std::move(strings)} {
    pointers_.reserve(strings_.size() + 1);
    for (std::string& string : strings_)
      pointers_.push_back(string.data());
    pointers_.push_back(nullptr);
  }
  ArgumentList(const ArgumentList&) = delete;
  ArgumentList& operator=(const ArgumentList&) = delete;
  ~ArgumentList() = default;

  char* const* data() const noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> strings_;
  std::vector<char*> pointers_;
};

}  // namespace slipway
