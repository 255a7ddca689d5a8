#include "config/nearest_name.hpp"

#include <algorithm>
#include <numeric>

namespace claimcheck {

namespace {

// How many letters must be added, taken away or replaced; two that are swapped count as one change.
std::size_t changes_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

constexpr std::size_t letters_min = 4;

bool is_part(std::string_view part, std::string_view whole) {
  return part.size() >= letters_min && whole.contains(part);
}

}  // namespace

std::string_view nearest_name(std::string_view given, const std::vector<std::string_view>& known) {
  // Nearly all short names are near each other. The work grows with the product of both lengths.
  constexpr std::size_t letters_max = 100;
  if (given.size() < letters_min || given.size() > letters_max) return {};
  std::string_view nearest;
  std::size_t least = given.size() / 3 + 2;
  for (const std::string_view name : known) {
    const std::size_t changes = changes_between(given, name);
    if (changes >= least) continue;
    least = changes;
    nearest = name;
  }
  if (!nearest.empty()) return nearest;
  const auto part = std::ranges::find_if(known, [given](std::string_view name) {
    return is_part(given, name) || is_part(name, given);
  });
  return part == known.end() ? std::string_view() : *part;
}

}  // namespace claimcheck
