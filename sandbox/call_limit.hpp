// CallLimit: the number of calls a second that Stripe accepts for an account with a test key, over
// all endpoints. It is a bucket that holds the calls of one second. It counts by steady time, so
// moving the sandbox's clock changes nothing.
#pragma once

#include "sandbox/agenda.hpp"

#include <cstdint>

namespace claimcheck::sandbox {

class CallLimit {
 public:
  // 0 = no limit.
  CallLimit(MovableClock& clock, std::int64_t per_second);
  // False = this call is one too many.
  bool take();

 private:
  MovableClock& clock_;
  double per_second_;
  double left_;
  Duration filled_at_;
};

}  // namespace claimcheck::sandbox
