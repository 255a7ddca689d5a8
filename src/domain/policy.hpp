// Policy: every time and limit of the order machine, each with its unit and reason. They are in one
// place, so that two rules cannot disagree about a time. Constant while the program runs, except
// for the state of the clocks; a tool of the catalog may have its own patience.
#pragma once

#include "base/clock.hpp"

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>

namespace claimcheck {

// strict: a video is shown once the register has it. eager: at once. off: no register; then
// only Redis knows an outcome.
enum class RegisterMode { strict, eager, off };
BOOST_DESCRIBE_ENUM(RegisterMode, strict, eager, off)

// The highest values of Policy: each edit may buy generations_max further ones of every unit, and
// the money waits so long.
inline constexpr std::int64_t prompt_edits_max = 3;
inline constexpr Duration prompt_edit_time_max = std::chrono::days(7);

struct Policy {
  Duration submit_timeout = std::chrono::seconds(15);
  // No step is taken for a submitting unit before this long after its intent: a request that was
  // sent has arrived or failed by then.
  Duration settle_time = std::chrono::seconds(75);
  Duration lookup_gap = std::chrono::seconds(15);  // between the two empty look-ups
  std::int64_t lookups_needed = 2;                 // before a second submit
  std::int64_t generations_max = 2;  // of a video at one generator: the first, and after failures
  // How often a submit without an answer is repeated where the generator cannot be asked about it.
  std::int64_t doubles_max = 1;
  // How often the buyer may write another prompt after the generator refused one, and for how long.
  std::int64_t prompt_edits_max = 0;
  Duration prompt_edit_time = std::chrono::hours(24);
  // A generator that takes no orders for so long is left for the next one.
  Duration fallback_after = std::chrono::minutes(5);
  bool keeps_results = false;  // the shop has a storage, and results are copied to it
  // A delivered video's address is looked at after so long, then each time as long again.
  Duration link_first_look = std::chrono::hours(24);
  Duration link_watched_for = std::chrono::days(30);  // after its delivery
  Duration link_doubt = std::chrono::hours(1);        // between the two looks that find it lost
  std::int64_t seeds_sought = 4;                      // of a delivered video that Redis has lost
  Duration payment_fresh = std::chrono::seconds(60);  // highest age of the payment read at a submit
  Duration poll_min = std::chrono::seconds(1);
  Duration poll_max = std::chrono::seconds(5);
  Duration generation_deadline = std::chrono::minutes(20);
  Duration missing_grace = std::chrono::minutes(5);  // a fresh job may not be found yet
  // How long an order waits for a generator that is away, from its payment on.
  Duration generator_patience = std::chrono::hours(24);
  Duration refused_min = std::chrono::seconds(2);
  Duration refused_max = std::chrono::minutes(5);
  Duration unclear_wait = std::chrono::seconds(10);  // before a silent peer is asked again
  Duration unclear_max = std::chrono::minutes(1);    // likewise, after many such answers
  // One process may have a wrong key, so one read does not decide that Stripe has no such session.
  Duration unknown_wait = std::chrono::minutes(1);
  Duration unknown_grace = std::chrono::minutes(10);
  Duration expiry_slack = std::chrono::seconds(60);
  Duration under_way_wait = std::chrono::hours(1);  // for a delayed payment; events come sooner

  // False while the clocks of Redis, Stripe and this machine do not agree: no deadline passes then.
  bool clocks_agree = true;
  // The time since the last jump of the clock. Times from before the jump may be wrong by as much,
  // so a longer deadline does not pass either.
  Duration clock_steady_for = Duration::max();

  // False = no pass but an earlier one has read the payment. Nothing is bought then: Redis may have
  // lost what followed, and only the register knows of a delivery.
  bool payment_read_now = true;

  RegisterMode register_mode = RegisterMode::strict;
  bool refunds_automatic = true;
  // A refund above this needs a person, whatever the refund breaker allows. Minor units.
  std::int64_t refund_alone_max_minor = 100'000;
  // A claim is kept at least this long. A session that is older and has no claim may have lost it.
  Duration claim_life = std::chrono::days(30);
  Duration data_grace = std::chrono::minutes(15);       // before a paid order without data fails
  Duration refund_look_min = std::chrono::minutes(15);  // between two reads of a pending refund
  Duration refund_look_max = std::chrono::hours(6);
  Duration refund_stuck_wait = std::chrono::minutes(10);  // before a refund under another key
};

}  // namespace claimcheck
