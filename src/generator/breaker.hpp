// Breaker: one refusal that says nothing about its order (no credit, a bad token, too many at once,
// nobody there) stops all orders of this process from asking, for longer each time. When the time
// is over one order tries; the others wait for what it finds. Time is the steady clock.
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

 private:
  Duration until_{0};
  Duration pause_{0};  // the last one; zero = nothing is wrong
  bool trying_ = false;
};

}  // namespace claimcheck
