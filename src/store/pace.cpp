#include "store/pace.hpp"

#include <algorithm>

namespace claimcheck {

PaceLeave PaceBook::ask(const PaceAsk& asked, Time now) {
  const bool slow = slow_until_ > now && slow_until_ - now <= pace_far;
  const Duration interval = slow ? asked.interval * 2 : asked.interval;
  if (next_ < now || next_ - now > pace_far) next_ = now;
  const Duration used = next_ - now;
  const auto last = last_.find(asked.lane);
  Duration share{0};
  if (last != last_.end() && asked.share > Duration(0)) share = last->second + asked.share - now;
  if (share <= Duration(0) || share > asked.share) {
    const Duration wait = std::max<Duration>(used - asked.burst, Duration(0));
    if (wait > asked.patience) return {.granted = false, .wait = wait};
    next_ += interval;
    last_[asked.lane] = now;
    return {.granted = true, .wait = wait};
  }
  const Duration over = used - (asked.burst - asked.reserve);
  if (over > Duration(0)) return {.granted = false, .wait = std::min(over, share)};
  next_ += interval;
  last_[asked.lane] = now;
  return {.granted = true, .wait = Duration(0)};
}

void PaceBook::brake(Duration burst, const PaceBrake& brake, Time now) {
  if (next_ - now > pace_far) next_ = now;
  next_ = std::max(next_, now + burst + brake.pause);
  slow_until_ = now + brake.slow;
}

}  // namespace claimcheck
