#include "config/nearest.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace claimcheck {

namespace {

std::string plain(std::string_view name) {
  std::string text = lowercase(name);
  std::ranges::replace(text, '-', '_');
  return text;
}

// How many letters must be changed, added, taken away or swapped with their neighbour (optimal
// string alignment, row by row).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

}  // namespace

std::string did_you_mean(std::string_view given, const std::vector<std::string>& known) {
  // Longer names are not typed by hand, and each comparison costs their product.
  constexpr std::size_t name_bytes_max = 100;
  if (given.size() > name_bytes_max) return {};
  const std::string wanted = plain(given);
  std::string nearest;
  std::size_t least = std::max<std::size_t>(2, wanted.size() / 3) + 1;
  for (const std::string& name : known) {
    const std::size_t far = distance(wanted, plain(name));
    // With a distance of the whole word any other short word would be near.
    if (far >= least || far >= wanted.size()) continue;
    least = far;
    nearest = name;
  }
  if (nearest.empty()) return {};
  return fmt::format("; did you mean {}?", nearest);
}

}  // namespace claimcheck
