#include "base/breaker.hpp"

#include <algorithm>

namespace claimcheck {

Duration Breaker::wait(Duration now) const {
  const Duration left = std::max(until_ - now, Duration(0));
  return trying_ ? std::min(left, pause_min) : left;  // the try is answered soon
}

Duration Breaker::ask(Duration now) {
  // Free and not failing: the caller needs no permission. Free after a refusal: the caller is the
  // one that tries, and the others wait for its answer.
  const Duration left = wait(now);
  trying_ |= left == Duration(0) && pause_ > Duration(0);
  if (left == Duration(0) && trying_) until_ = now + trial;
  return left;
}

Duration Breaker::refused(Duration now, Duration asked) {
  // Of many requests refused at once only the first one counts: they all left before the first
  // answer, and say the same.
  const bool news = trying_ || pause_ == Duration(0);
  if (news) pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
  trying_ = false;
  // The peer may ask for a longer pause than ours, never for a shorter one or one without end.
  until_ = now + std::clamp(asked, pause_, pause_max);
  return wait(now);
}

void Breaker::answered() { *this = Breaker(); }

void Breaker::untried(Duration now) {
  // The try is given to the next caller at once; the length of the last pause is kept.
  if (!trying_) return;
  trying_ = false;
  until_ = now;
}

}  // namespace claimcheck
