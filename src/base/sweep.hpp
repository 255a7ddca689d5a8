// SweepMark: when to look through a map that strangers fill for entries that say nothing any more.
// That is each time it has doubled since the last look, so an entry costs the same however many
// there are, and the map holds at most twice what was worth keeping at the last look, or `least`.
// A map still needs a bound of its own, for the time when all of its entries are worth keeping.
#pragma once

#include <algorithm>
#include <cstddef>

namespace claimcheck {

class SweepMark {
 public:
  static constexpr std::size_t least = 1000;  // entries: fewer are not worth a look

  bool due(std::size_t entries) const { return entries >= at_; }
  // The look is over, and so many are left.
  void swept(std::size_t entries) { at_ = std::max(least, 2 * entries); }

 private:
  std::size_t at_ = least;
};

}  // namespace claimcheck
