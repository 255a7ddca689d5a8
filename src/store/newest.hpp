// Turns the pairs of time and id of an index into a list of ids, the newest first. Ids of the same
// time are sorted by their bytes, the last first, as Redis does. Internal to src/store.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace claimcheck {

template <typename When>
std::vector<std::string> newest_first(std::vector<std::pair<When, std::string>> all,
                                      std::size_t limit) {
  std::ranges::sort(all, std::ranges::greater());
  if (all.size() > limit) all.resize(limit);
  std::vector<std::string> ids;
  for (auto& [when, id] : all) ids.push_back(std::move(id));
  return ids;
}

}  // namespace claimcheck
