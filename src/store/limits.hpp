// StoreLimits: how long each kind of record is kept, and how many of it. Given to a store when it
// is built, and never changed.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/order_machine.hpp"
#include "domain/session.hpp"
#include "store/checkout_gate.hpp"
#include "store/generator_breaker.hpp"
#include "store/generator_places.hpp"
#include "store/outbox.hpp"
#include "store/refund_guard.hpp"

#include <algorithm>
#include <cstdint>

namespace claimcheck {

struct StoreLimits {
  Duration session_ttl = session_ttl_default;
  // Longer than any delayed payment takes, so that its claim still exists when the money comes.
  Duration claim_open_ttl = std::chrono::days(60);
  Duration claim_paid_ttl = std::chrono::days(400);  // banks take a payment back after months
  Duration job_ttl = std::chrono::days(60);
  Duration idempotency_ttl = std::chrono::hours(24);
  // Each list has a limit, so that no order and no client can fill Redis.
  std::int64_t history_lines = 200;
  std::int64_t recent_orders = 1'000'000;
  std::int64_t found_orders = 50;  // that one search word leads to, the newest
  RefundLimits refunds;
  DeclineLimits declines;
  OutboxLimits outbox;
  GeneratorBreakerLimits generator;
  GeneratorPlaceLimits places;
};

// How long a claim is kept after its last write. Paid claims are kept longest.
inline Duration claim_life(const Claim& claim, const StoreLimits& limits) {
  if (was_paid(claim)) return std::max(limits.claim_paid_ttl, limits.session_ttl);
  return is_terminal(claim.state) ? limits.session_ttl : limits.claim_open_ttl;
}

}  // namespace claimcheck
