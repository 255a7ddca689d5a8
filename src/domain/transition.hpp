// The order machine: decide(claim, observation, now) says what an order becomes when something is
// seen, and what to do next. Pure: no I/O, no clock, no JSON; the same arguments give the same
// decision. The caller (flow/fulfilment) stores the decided claim before it acts, so what an
// action may have done is always on record; whoever finds the record later goes on from there.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/money.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace claimcheck {

// --- what can be seen ---

struct Looked {};    // nothing new: the order was due
struct Poisoned {};  // workers die of it

// Stripe's word on the payment, from one read of the Checkout Session.
enum class PaymentState { open, paid, under_way, failed, expired };
struct PaymentSeen {
  PaymentState state = PaymentState::open;
  Money amount;
  bool livemode = false;
  std::string payment_intent;
  std::string charge;
  std::int64_t refunded_minor = 0;  // so far, by whomever
  bool disputed = false;
  std::vector<Outcome> registered;  // per unit; may be shorter than the units
};

// Stripe gave no answer about the session; `unknown_session` = it says there is none.
struct PaymentUnclear {
  bool unknown_session = false;
};

// The order's inputs, read and checked just now for the next submit of `unit`. An empty digest: the
// prompt is lost, so that what was delivered can only be looked up.
struct Prepared {
  std::size_t unit = 0;
  std::string session_id;
  std::string model;
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  std::string prompt_sha256;
};
// Something else has made it already: `job` is its video, and ours now.
struct Adopted {
  std::size_t unit = 0;
  std::string job;
};
struct Unpreparable {
  std::size_t unit = 0;
  std::string reason;
  bool lost = false;  // the order's data is gone or unusable; else it is for the operator to mend
};

// accepted: `job` is ours. taken: `job` belongs to another unit. rejected: will never be made.
// conflicted: not made, worth a try with another seed. refused: nothing was started, later maybe.
// unclear: the request may have been accepted. paused: not even asked, all orders wait.
enum class SubmitResult { accepted, taken, rejected, conflicted, refused, unclear, paused };
struct Submitted {
  std::size_t unit = 0;
  SubmitResult result = SubmitResult::unclear;
  std::string job;
  std::string reason;
  Duration retry_after{0};
};

// The answer to "do you have a job with this unit's seed and inputs?"
enum class LookUpResult { found, taken, none, unclear };
struct LookedUp {
  std::size_t unit = 0;
  LookUpResult result = LookUpResult::unclear;
  std::string job;
};

// no_video: its address is there, and nothing at it.
enum class PollResult { running, ready, failed, missing, no_video, unclear };
struct Polled {
  std::size_t unit = 0;
  PollResult result = PollResult::unclear;
  bool again = false;  // failed, missing: one more generation may be bought for it
  std::string url;
  std::string thumbnail_url;
};

// What the register says of a unit after our write; none = it could not be written.
struct Registered {
  std::size_t unit = 0;
  Outcome outcome = Outcome::none;
  bool refused = false;  // Stripe will not take it, however often it is asked
  std::string reason;
};

// The breaker's word: may this unit be refunded without a person?
struct RefundAllowed {
  std::size_t unit = 0;
  bool allowed = false;
  std::string reason;
};

enum class RefundState { pending, succeeded, failed };
struct RefundFound {
  std::optional<std::size_t> unit;  // nothing = not ours
  std::string id;
  RefundState state = RefundState::pending;
  std::int64_t amount_minor = 0;
};
// All refunds of the payment, read together with the payment itself.
struct RefundsSeen {
  PaymentSeen payment;
  std::vector<RefundFound> refunds;
};
struct RefundsUnclear {};

// All disputes of the payment. Unclear: no answer; `refused` = the key may not read them.
struct DisputesSeen {
  std::vector<Dispute> disputes;
};
struct DisputesUnclear {
  bool refused = false;
};

// made: `refund` exists. changed: Stripe refuses since the charge is not as it was: look again.
// stuck: Stripe repeats a stored error, so only another key can go on. unclear: ask again.
enum class RefundResult { made, changed, stuck, unclear };
struct Refunded {
  std::size_t unit = 0;
  RefundResult result = RefundResult::unclear;
  RefundFound refund;
  std::string reason;
};

using Observation =
    std::variant<Looked, Poisoned, PaymentSeen, PaymentUnclear, Prepared, Adopted, Unpreparable,
                 Submitted, LookedUp, Polled, Registered, RefundAllowed, RefundsSeen,
                 RefundsUnclear, Refunded, DisputesSeen, DisputesUnclear>;

// --- what to do next ---

enum class ActionKind {
  look_at_payment,  // read the session at Stripe
  prepare,          // read the order's inputs for `unit`
  submit,           // send `unit` to the generator; its intent is stored
  look_up,          // search the generator for `unit`'s seed
  poll,             // ask the generator about `unit`'s job
  write_register,   // write `unit`'s outcome; only right after a look at the payment
  allow_refund,     // ask the breaker whether `unit` may be refunded
  list_refunds,     // read the payment and its refunds
  refund,           // refund `unit`; only right after a list of refunds
  list_disputes,    // read the disputes of the payment; of an order that nothing is worked on
  park,             // nothing to do for `delay`
  finish,           // nothing to do any more
};

struct Action {
  ActionKind kind = ActionKind::park;
  std::size_t unit = 0;
  Duration delay{0};

  bool operator==(const Action&) const = default;
};

// One move of a unit or of the order, for the history.
struct Move {
  std::string from;
  std::string to;
  std::string why;
};

struct Decision {
  Claim claim;              // as it shall be; its version is the one that was decided on
  bool commit = false;      // it differs in a way that must be stored before the action
  bool guarded = false;     // and only if the session value is the one that was prepared from
  std::vector<Move> moves;  // in their order; none = what was put off again for the same reason
  Action action;
};

// strict: what is made is shown once the register has it. eager: at once. off: no register; then
// only Redis knows an outcome.
enum class RegisterMode { strict, eager, off };
BOOST_DESCRIBE_ENUM(RegisterMode, strict, eager, off)

// Every length the machine waits for or allows. One place, with unit and reason.
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

Decision decide(const Claim& claim, const Observation& observation, Time now,
                const Policy& policy = {});

// The fingerprint of one submit: 31 bits of SHA-256 over session, unit and attempt.
std::int64_t submit_seed(std::string_view session_id, std::size_t unit, std::int64_t attempt);

bool is_terminal(OrderState state);
// The order, or one of its videos, waits for a person.
bool is_held(const Claim& claim);

// What our own refunds of an order come to, pending ones included.
std::int64_t refunded_minor(const Claim& claim);

}  // namespace claimcheck
