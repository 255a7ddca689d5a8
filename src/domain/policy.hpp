// Policy: every length and limit that the order machine goes by, each with its unit and reason. One
// place, so that two rules cannot disagree about a time. Constant while the program runs, except
// for what is known of the clocks; a tool of the catalog may have its own patience.
#pragma once

#include "base/clock.hpp"

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>

namespace claimcheck {

// strict: what is made is shown once the register has it. eager: at once. off: no register; then
// only Redis knows an outcome.
enum class RegisterMode { strict, eager, off };
BOOST_DESCRIBE_ENUM(RegisterMode, strict, eager, off)

struct Policy {
  Duration submit_timeout = std::chrono::seconds(15);
  // Nobody touches a submitting unit before this long after its intent: the request, if it went
  // out, is through by then.
  Duration settle_time = std::chrono::seconds(75);
  Duration lookup_gap = std::chrono::seconds(15);     // between the two empty look-ups
  std::int64_t lookups_needed = 2;                    // before a second submit
  std::int64_t generations_max = 2;                   // of a video: the first, and after failures
  std::int64_t seeds_sought = 4;                      // of what was delivered and is forgotten
  Duration payment_fresh = std::chrono::seconds(60);  // age of Stripe's word at a first submit
  Duration poll_min = std::chrono::seconds(1);
  Duration poll_max = std::chrono::seconds(5);
  Duration generation_deadline = std::chrono::minutes(20);
  Duration missing_grace = std::chrono::minutes(5);  // a fresh job may not be found yet
  // How long an order waits for a generator that is away, from its payment on.
  Duration generator_patience = std::chrono::hours(24);
  Duration refused_min = std::chrono::seconds(2);
  Duration refused_max = std::chrono::minutes(5);
  Duration unclear_wait = std::chrono::seconds(10);  // before asking a silent peer again
  Duration unclear_max = std::chrono::minutes(1);    // likewise, after many such answers
  // One process may have a wrong key: whether Stripe knows a session is not decided by one look.
  Duration unknown_wait = std::chrono::minutes(1);
  Duration unknown_grace = std::chrono::minutes(10);
  Duration expiry_slack = std::chrono::seconds(60);
  Duration under_way_wait = std::chrono::hours(1);  // for a delayed payment; events come sooner

  // False while the clocks of Redis, Stripe and this machine do not agree: no deadline passes then.
  bool clocks_agree = true;
  // Since the last jump of the clock: what was written before may be wrong by as much, so that a
  // longer deadline does not pass either.
  Duration clock_steady_for = Duration::max();

  RegisterMode register_mode = RegisterMode::strict;
  bool refunds_automatic = true;
  // One refund of more is for a person, whatever the breaker would say. Minor units.
  std::int64_t refund_alone_max_minor = 100'000;
  // A claim is kept at least this long: of an older session without one nothing is known.
  Duration claim_life = std::chrono::days(30);
  Duration data_grace = std::chrono::minutes(15);       // before a paid order without data fails
  Duration refund_look_min = std::chrono::minutes(15);  // between two looks at a pending refund
  Duration refund_look_max = std::chrono::hours(6);
  Duration refund_stuck_wait = std::chrono::minutes(10);  // before a refund under another key
};

}  // namespace claimcheck
