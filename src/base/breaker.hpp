// Breaker: one refusal that says nothing about what was sent (too many at once, nobody there) stops
// this process from asking that peer, for longer each time. When the time is over one request
// tries; the others wait for what it finds. Time is the steady clock.
#pragma once

#include "base/clock.hpp"

namespace claimcheck {

class Breaker {
 public:
  static constexpr Duration pause_min = std::chrono::seconds(2);
  static constexpr Duration pause_max = std::chrono::minutes(5);
  static constexpr Duration trial = std::chrono::seconds(20);  // longer than one call takes

  // How long nobody may ask; zero = now. Asking for leave makes the caller the one who tries.
  Duration wait(Duration now) const;
  Duration ask(Duration now);

  // Refused, and asked to stay away so long (zero = not said). Returns how long all stay away.
  Duration refused(Duration now, Duration asked);
  void answered();
  // Had leave, and found nothing to ask: somebody else may try.
  void untried(Duration now);
  // Refused last, so one at a time shall try.
  bool failing() const { return pause_ > Duration(0); }

 private:
  Duration until_{0};
  Duration pause_{0};  // the last one; zero = nothing is wrong
  bool trying_ = false;
};

}  // namespace claimcheck
