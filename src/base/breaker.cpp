#include "base/breaker.hpp"

#include <algorithm>

namespace claimcheck {

Duration Breaker::wait(Duration now) const {
  const Duration left = std::max(until_ - now, Duration(0));
  return trying_ ? std::min(left, pause_min) : left;  // the one who tries is soon answered
}

Duration Breaker::ask(Duration now) {
  const Duration left = wait(now);
  trying_ |= left == Duration(0) && pause_ > Duration(0);
  if (left == Duration(0) && trying_) until_ = now + trial;
  return left;
}

Duration Breaker::refused(Duration now, Duration asked) {
  // Of many that were refused at once only the first one counts.
  const bool news = trying_ || pause_ == Duration(0);
  if (news) pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
  trying_ = false;
  until_ = now + std::clamp(asked, pause_, pause_max);
  return wait(now);
}

void Breaker::answered() { *this = Breaker(); }

void Breaker::untried(Duration now) {
  if (!trying_) return;
  trying_ = false;
  until_ = now;
}

}  // namespace claimcheck
