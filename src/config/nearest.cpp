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

constexpr std::size_t letters_min = 3;    // nearly all shorter names are near each other
constexpr std::size_t letters_max = 100;  // each comparison costs the product of both lengths

bool is_part(std::string_view part, std::string_view whole) {
  constexpr std::size_t part_min = 4;
  return part.size() >= part_min && whole.contains(part);
}

std::string nearest(const std::string& wanted, const std::vector<std::string>& known) {
  std::string found;
  std::size_t least = wanted.size() <= 4 ? 2 : wanted.size() / 3 + 2;
  for (const std::string& name : known) {
    const std::size_t far = distance(wanted, plain(name));
    if (far >= least) continue;
    least = far;
    found = name;
  }
  if (!found.empty()) return found;
  const auto part = std::ranges::find_if(known, [&wanted](const std::string& name) {
    return is_part(wanted, plain(name)) || is_part(plain(name), wanted);
  });
  return part == known.end() ? std::string() : *part;
}

}  // namespace

std::string did_you_mean(std::string_view given, const std::vector<std::string>& known) {
  if (given.size() < letters_min || given.size() > letters_max) return {};
  const std::string found = nearest(plain(given), known);
  return found.empty() ? std::string() : fmt::format("; did you mean {}?", found);
}

}  // namespace claimcheck
