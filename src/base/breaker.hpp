// Breaker: the call breaker of one process for one peer. A refusal that says nothing about the
// request itself (too many at once, no connection) stops all calls to that peer, for longer each
// time. When the pause is over, one request tries and the others wait for its answer. Times are by
// the steady clock. Pure: the caller gives the time.
#pragma once

#include "base/clock.hpp"

namespace claimcheck {

class Breaker {
 public:
  // The pause doubles from the shortest to the longest with each refusal of a try.
  static constexpr Duration pause_min = std::chrono::seconds(2);
  static constexpr Duration pause_max = std::chrono::minutes(5);
  static constexpr Duration trial = std::chrono::seconds(20);  // longer than one call takes

  // How long no call may be made; zero = now. wait() only reads it. ask() also makes its caller the
  // one that tries, when the result is zero and the last answer was a refusal.
  Duration wait(Duration now) const;
  Duration ask(Duration now);

  // The peer refused, and asked for a pause of this length (zero = it did not). Returns the pause.
  Duration refused(Duration now, Duration asked);
  // The peer answered, also with an error of the request itself: calls are free again.
  void answered();
  // The caller was the one that tries, but made no call: another one may try.
  void untried(Duration now);
  // The last answer was a refusal, so only one call at a time may be made.
  bool failing() const { return pause_ > Duration(0); }

 private:
  Duration until_{0};
  Duration pause_{0};  // the last one; zero = nothing is wrong
  bool trying_ = false;
};

}  // namespace claimcheck
