#include "store/pace.hpp"

#include <algorithm>

namespace claimcheck {

PaceLeave PaceBook::ask(const PaceAsk& asked, Time now) {
  // A time further away than pace_far is from a clock that was put back; it is ignored.
  const bool slow = slow_until_ > now && slow_until_ - now <= pace_far;
  const Duration interval = slow ? asked.interval * 2 : asked.interval;
  if (next_ < now || next_ - now > pace_far) next_ = now;
  // How much of the burst is used: the calls so far are this much ahead of the interval.
  const Duration used = next_ - now;
  // The lane is not in line while its last call is younger than its share.
  const auto last = last_.find(asked.lane);
  Duration share{0};
  if (last != last_.end() && asked.share > Duration(0)) share = last->second + asked.share - now;
  if (share <= Duration(0) || share > asked.share) {
    // In line: the call gets its moment behind all others, and may use the whole burst.
    const Duration wait = std::max<Duration>(used - asked.burst, Duration(0));
    if (wait > asked.patience) return {.granted = false, .wait = wait};
    next_ += interval;
    last_[asked.lane] = now;
    return {.granted = true, .wait = wait};
  }
  // Not in line: the call must leave the reserve of the burst to the others.
  const Duration over = used - (asked.burst - asked.reserve);
  if (over > Duration(0)) return {.granted = false, .wait = std::min(over, share)};
  next_ += interval;
  last_[asked.lane] = now;
  return {.granted = true, .wait = Duration(0)};
}

void PaceBook::brake(Duration burst, const PaceBrake& brake, Time now) {
  // As above: a time that no process can have written.
  if (next_ - now > pace_far) next_ = now;
  // The whole burst counts as used up, so that no call is made during the pause.
  next_ = std::max(next_, now + burst + brake.pause);
  slow_until_ = now + brake.slow;
}

}  // namespace claimcheck
