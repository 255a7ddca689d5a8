// Observation: one answer from outside about an order, a small struct for each kind. The order
// machine (order_machine.hpp) takes one at a time. The answers of peers are translated into these
// structs first: the domain does not know HTTP, JSON or Stripe's names. Plain values.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/failure.hpp"
#include "domain/money.hpp"
#include "domain/provider_cost.hpp"

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace claimcheck {

struct Woken {};     // no answer: the order was due
struct Poisoned {};  // the order may be what kills its workers

// The payment, from one read of the Checkout Session at Stripe.
enum class PaymentState { open, paid, under_way, failed, expired };
struct PaymentSeen {
  PaymentState state = PaymentState::open;
  Money amount;                     // the total: after discount, with tax and shipping
  std::int64_t subtotal_minor = 0;  // before all of these
  Money charged;                    // of the charge; without a currency it was not read
  std::string price;                // what was bought; empty = it was not read
  std::int64_t quantity = 0;        // likewise
  bool livemode = false;
  std::string payment_intent;
  std::string charge;
  std::int64_t refunded_minor = 0;  // so far, by us and by persons
  bool disputed = false;
  bool recoverable = false;         // expired; Stripe has a way back and a buyer who wants it
  std::vector<Outcome> registered;  // per unit; may be shorter than the units
};

// Stripe gave no clear answer about the session. `unknown_session` = it answered that there is
// none.
struct PaymentUnclear {
  bool unknown_session = false;
};

// The order's inputs, read and checked just now for the next submit of `unit`. An empty digest
// means that the prompt is lost: a delivered video can then only be looked up.
struct Prepared {
  std::size_t unit = 0;
  std::string session_id;
  std::string generator;
  std::string model;
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  std::string prompt_sha256;
};
// Another program has made it already: `job` is its video, and is ours now.
struct Recovered {
  std::size_t unit = 0;
  std::string generator;
  std::string job;
  std::string handle = {};  // where it is not the job
};
struct Unpreparable {
  std::size_t unit = 0;
  std::string reason;
  bool lost = false;  // the order's data is gone or unusable; else the operator can repair it
};

// accepted: `job` is ours. taken: `job` belongs to another unit. rejected: can never be made.
// conflicted: not made, may succeed with another seed. refused: nothing was started, may succeed
// later. unclear: the request may have been accepted. paused: not sent, all orders wait. queued:
// not sent, the generator makes as many as it may; others are first.
enum class SubmitResult { accepted, taken, rejected, conflicted, refused, unclear, paused, queued };
struct Submitted {
  std::size_t unit = 0;
  SubmitResult result = SubmitResult::unclear;
  std::string job;
  std::string handle = {};  // where it is not the job
  std::string reason;
  Duration retry_after{0};
  Failure failure = Failure::none;  // of rejected, refused
  std::string generator = {};       // that was asked
  std::string next = {};            // the generator that would come after it; empty = none
  Duration away_for{0};             // of paused: how long it has taken no orders
};

// The answer to "do you have a job with this unit's seed and inputs?"
// impossible: the generator cannot be asked that.
enum class LookUpResult { found, taken, none, unclear, impossible };
struct LookedUp {
  std::size_t unit = 0;
  LookUpResult result = LookUpResult::unclear;
  std::string job;
  std::string handle = {};
  bool again = false;  // impossible: one more submit may be risked for it
};

// no_video: the generator gave an address, but there is no video.
enum class PollResult { running, ready, failed, missing, no_video, unclear };
struct Polled {
  std::size_t unit = 0;
  PollResult result = PollResult::unclear;
  bool again = false;  // failed, missing: one more generation may be bought for it
  std::string url;
  std::string own_url = {};  // ours of the same video, for an address that buyers cannot use
  std::string thumbnail_url;
  std::string content_type = {};
  bool url_needs_key = false;
  std::optional<Time> url_ends = {};
  Failure failure = Failure::none;  // of failed
  std::string reason = {};          // likewise, the generator's own words
  std::string next = {};            // the generator that would come after this one; empty = none
  std::optional<ProviderCost> cost = {};  // of this job
};

// One stretch of a copy to the shop's storage. stored: it is there, whole. going_on: `upload` has a
// part of it. gone: the generator's address holds no video any more. unfit: it must not be kept.
// busy: enough others are being copied. unclear: no answer of either side, or none that helps.
enum class CopyResult { stored, going_on, gone, unfit, busy, unclear };
BOOST_DESCRIBE_ENUM(CopyResult, stored, going_on, gone, unfit, busy, unclear)
struct Copied {
  std::size_t unit = 0;
  CopyResult result = CopyResult::unclear;
  std::string object = {};
  std::string upload = {};  // of going_on (empty = it begins anew); of unclear, if there is one
  std::string upload_parts = {};  // likewise
  std::string source_tag = {};    // likewise
  std::string url = {};           // of stored: for the buyer; likewise below
  std::string content_type = {};
  std::int64_t bytes = 0;
  std::string reason = {};  // of unfit, unclear, and of going_on anew
};

// Is a delivered video still at its address? doubted: somebody met a dead one.
enum class LinkState { there, dead, unclear, doubted };
struct LinkSeen {
  std::size_t unit = 0;
  LinkState state = LinkState::unclear;
  std::string url = {};  // of dead: another address that the generator gave
  // Ours of the video: of dead, if buyers cannot use `url`; of there in any case.
  std::string own_url = {};
  std::optional<Time> url_ends = {};
};

// The generator has called about this unit's job: a hint, it is polled at once.
struct CalledBack {
  std::size_t unit = 0;
};

// The outcome in the register after our write; none = it could not be written.
struct Registered {
  std::size_t unit = 0;
  Outcome outcome = Outcome::none;
  bool refused = false;  // Stripe rejects it, also when it is repeated
  std::string reason;
};

// The answer of the refund breaker: may this unit be refunded without a person?
struct RefundAllowed {
  std::size_t unit = 0;
  bool allowed = false;
  std::string reason;
};

enum class RefundState { pending, succeeded, failed };
struct RefundFound {
  std::optional<std::size_t> unit;  // nothing = a refund that we did not make
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

// made: `refund` exists. changed: Stripe rejects it since the charge has changed: read it again.
// stuck: Stripe repeats a stored error, so only another key can go on. unclear: ask again.
enum class RefundResult { made, changed, stuck, unclear };
struct Refunded {
  std::size_t unit = 0;
  RefundResult result = RefundResult::unclear;
  RefundFound refund;
  std::string reason;
};

using Observation = std::variant<Woken, Poisoned, PaymentSeen, PaymentUnclear, Prepared, Recovered,
                                 Unpreparable, Submitted, LookedUp, Polled, Copied, CalledBack,
                                 LinkSeen, Registered, RefundAllowed, RefundsSeen, RefundsUnclear,
                                 Refunded, DisputesSeen, DisputesUnclear>;

}  // namespace claimcheck
