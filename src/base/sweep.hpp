// SweepMark: says when to remove useless entries from a map that any client can fill. That is each
// time the map has doubled since the last sweep. So an entry costs the same however many there are,
// and the map holds at most twice the useful entries of the last sweep, or `least`. The map still
// needs a limit of its own, for the time when all of its entries are useful.
#pragma once

#include <algorithm>
#include <cstddef>

namespace claimcheck {

class SweepMark {
 public:
  static constexpr std::size_t least = 1000;  // entries: fewer need no sweep

  bool due(std::size_t entries) const { return entries >= at_; }
  // The sweep is done, and so many entries are left.
  void swept(std::size_t entries) { at_ = std::max(least, 2 * entries); }

 private:
  std::size_t at_ = least;
};

}  // namespace claimcheck
