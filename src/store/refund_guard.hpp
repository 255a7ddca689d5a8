// RefundGuard: the refund breaker, shared by all processes. It counts the refunds that it allowed,
// and opens when they exceed its limits. Then no automatic refund is allowed until a person
// releases it. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "domain/money.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <string>

namespace claimcheck {

// The limits of automatic refunds. A refund beyond any of them opens the breaker, and it stays
// open.
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

  // May this unit ("<session id>/<unit>") be refunded? Empty = yes, also for every later question
  // about this unit; else the reason why not.
  // Errors: the store's.
  virtual Async<std::string> allow_refund(std::string unit, Money amount) = 0;
  // Errors: the store's.
  virtual Async<RefundBreaker> refund_breaker() = 0;
  // A person has checked the refunds: closes the breaker, and counting begins anew. False = it was
  // not open. Errors: the store's.
  virtual Async<bool> release_refunds() = 0;
  // Counts a delivered video, for the share. Errors: the store's.
  virtual Async<void> count_delivery() = 0;
};

}  // namespace claimcheck
