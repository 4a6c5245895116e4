#include "revision/chain.h"

#include <algorithm>

#include "base/text.h"
#include "revision/bad_migration.h"

namespace slipway {
namespace {

std::string_view without_leading_zeros(std::string_view number) {
  const std::size_t first = number.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view{} : number.substr(first);
}

}  // namespace

bool is_number(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, is_digit);
}

bool less_by_number(std::string_view a, std::string_view b) {
  a = without_leading_zeros(a);
  b = without_leading_zeros(b);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::vector<Revision> chained_by_id(std::vector<Revision> revisions) {
  const bool numbers =
      std::ranges::all_of(revisions, [](const Revision& revision) { return is_number(revision.id.str()); });
  const auto less = [&](const Revision& a, const Revision& b) {
    return numbers ? less_by_number(a.id.str(), b.id.str()) : a.id < b.id;
  };
  // Usually the files' names are in the order of the ids.
  if (!std::ranges::is_sorted(revisions, less)) std::ranges::sort(revisions, less);
  for (std::size_t i = 1; i < revisions.size(); ++i) {
    const Revision& parent = revisions[i - 1];
    if (numbers && !less_by_number(parent.id.str(), revisions[i].id.str()))
      throw bad_migration(revisions[i].location,
                          "revision " + revisions[i].id.str() + " has the same number as revision " + parent.id.str() +
                              " of " + parent.location.str() + ", so their order is not clear",
                          "give one of them another id, or write `-- revises:` into each file");
    revisions[i].revises = {parent.id.str()};
  }
  return revisions;
}

}  // namespace slipway
