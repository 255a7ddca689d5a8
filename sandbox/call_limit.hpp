// CallLimit: how many calls a second Stripe takes of an account with a test key, all endpoints
// together: a bucket that holds the calls of one second. Counts by the steady time, so putting the
// sandbox's clock forward changes nothing.
#pragma once

#include "sandbox/agenda.hpp"

#include <cstdint>

namespace claimcheck::sandbox {

class CallLimit {
 public:
  // 0 = no limit.
  CallLimit(MovableClock& clock, std::int64_t per_second);
  // False = one too many.
  bool take();

 private:
  MovableClock& clock_;
  double per_second_;
  double left_;
  Duration filled_at_;
};

}  // namespace claimcheck::sandbox
