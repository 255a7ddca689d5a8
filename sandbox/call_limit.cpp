#include "sandbox/call_limit.hpp"

#include <algorithm>

namespace claimcheck::sandbox {

CallLimit::CallLimit(MovableClock& clock, std::int64_t per_second)
    : clock_(clock),
      per_second_(static_cast<double>(per_second)),
      left_(per_second_),
      filled_at_(clock.steady()) {}

bool CallLimit::take() {
  if (per_second_ == 0) return true;
  const Duration now = clock_.steady();
  const double passed_s = std::chrono::duration<double>(now - filled_at_).count();
  left_ = std::min(per_second_, left_ + passed_s * per_second_);
  filled_at_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

}  // namespace claimcheck::sandbox
