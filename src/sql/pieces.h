#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// A script in pieces of whole statements, so that one of 100 MB needs little more memory than itself to be scanned,
// split and sent. The pieces one after the other are the script.

namespace slipway {

class Pieces {
 public:
  // A script up to this size is one piece, and is not scanned.
  static constexpr std::size_t usual_size = std::size_t{256} << 10U;

  // `sql` must outlive this; the pieces point into it. A statement longer than `size` makes a longer piece. If the
  // statements can't be separated, the rest is one piece.
  explicit Pieces(std::string_view sql, std::size_t size = usual_size) : rest_{sql}, size_{size} {}

  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
  std::size_t size_;
};

}  // namespace slipway
