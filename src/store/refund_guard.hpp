// RefundGuard: the breaker in front of automatic refunds, shared by all processes. It counts what
// was allowed, and opens when that is more than its limits; then nothing is refunded until a person
// has looked. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "domain/money.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <string>

namespace claimcheck {

// What may be refunded without a person. Beyond any of these the breaker opens, and stays open.
struct RefundLimits {
  std::int64_t per_hour = 20;
  std::int64_t per_day = 100;
  std::int64_t amount_per_hour_minor = 100'000;  // of each currency
  std::int64_t share_percent = 50;               // of all videos of an hour
  std::int64_t share_from = 10;                  // refunds an hour below which no share counts
};

struct RefundBreaker {
  std::string reason;  // empty = closed
  Time opened;
};

class RefundGuard {
 public:
  virtual ~RefundGuard() = default;

  // May this unit ("<session id>/<unit>") be refunded? Empty = yes, and it stays yes; else why not.
  // Errors: the store's.
  virtual Async<std::string> allow_refund(std::string unit, Money amount) = 0;
  // Errors: the store's.
  virtual Async<RefundBreaker> refund_breaker() = 0;
  // A person has looked: counting begins anew. False = it was not open. Errors: the store's.
  virtual Async<bool> release_refunds() = 0;
  // Counts a delivered video, for the share. Errors: the store's.
  virtual Async<void> count_delivery() = 0;
};

}  // namespace claimcheck
