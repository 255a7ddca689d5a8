// Claim: the record of what we owe for one Checkout Session, in claim:{session:<id>}. It is the
// authority; SessionData is only the view of it that customers see. Every write raises `version`,
// and a write with an older version is rejected, so two workers never both advance an order. The
// members are described once: the codec stores each as a hash field of the same name, units as
// "u0.state", a dispute as "dispute.id", and the rest of a long link as "u0.url~1". Times are
// microseconds since 1970 (0 = not yet). It never holds a prompt.
#pragma once

#include "domain/dispute.hpp"
#include "domain/failure.hpp"
#include "domain/media.hpp"
#include "domain/money.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// open: not known to be paid. paid: units are worked on. done: every unit is delivered or refunded.
// expired, unpaid: closed without money (never paid; a delayed payment failed).
// held: a person must decide; `reason` says why.
enum class OrderState { open, paid, done, expired, unpaid, held };
BOOST_DESCRIBE_ENUM(OrderState, open, paid, done, expired, unpaid, held)

// waiting: to be submitted. submitting: an intent is stored, the request may be out.
// running: the generator has a job. copying: it made a video, which is copied to the shop's
// storage. editable: its prompt was refused, and the buyer may write another one. ready, failed: it
// ended, with or without a video, and the outcome that follows is not in the register yet.
// delivered, refunding: the register has it. refunded: the money is back. held: a person must
// decide.
enum class UnitState {
  waiting,
  submitting,
  running,
  copying,
  editable,
  ready,
  failed,
  delivered,
  refunding,
  refunded,
  held
};
BOOST_DESCRIBE_ENUM(UnitState, waiting, submitting, running, copying, editable, ready, failed,
                    delivered, refunding, refunded, held)

// How a unit ends, as it is in the register at Stripe. It is written there once, before a video is
// shown as delivered or money is sent back. The register outranks Redis.
enum class Outcome { none, deliver, refund };
BOOST_DESCRIBE_ENUM(Outcome, none, deliver, refund)

struct Unit {
  UnitState state = UnitState::waiting;
  std::int64_t attempt = 0;      // of the seed: a new one only if the last can make no video
  std::int64_t generations = 0;  // jobs that it had: each may have cost
  std::string generator;         // the configured name of who makes it; empty = not chosen yet
  std::string model;             // of the current submit, likewise
  std::int64_t earlier_generations = 0;  // those of `generations` at generators before this one
  std::int64_t doubles = 0;              // repeats of submits that may have been accepted, ever
  std::int64_t prompt_edit = 0;          // which of the buyer's prompts its current submit has
  std::int64_t seed = 0;                 // fingerprint of the current submit at the generator
  std::int64_t intent_us = 0;            // when the intent of the current submit was stored
  std::int64_t empty_lookups = 0;        // empty look-ups since then, after the settle time
  std::int64_t put_offs = 0;             // steps in a row that were put off
  std::int64_t away_us = 0;       // since when the generator refuses it or gives no answer about it
  std::int64_t away_for_us = 0;   // how long it gave no answers about this job before
  std::int64_t retry_us = 0;      // the next step is not tried before
  std::int64_t queued_us = 0;     // since when it waits in the generator's line; 0 = it does not
  std::int64_t accepted_us = 0;   // when the job was known
  std::int64_t called_us = 0;     // when the generator called about the job; 0 = not since a poll
  std::int64_t delivered_us = 0;  // when its delivery was decided
  std::string job;     // the customer's fileId: the generator's id, where it serves as one
  std::string handle;  // the generator's name of the job; empty = `job` is it
  std::string url;     // of the video, as the buyer gets it
  std::string thumbnail_url;
  std::string content_type;         // of the result, as the generator says
  std::string source_url;           // the generator's address of it, where `url` is another one
  std::int64_t url_ends_us = 0;     // when the generator's address ends; 0 = not known
  std::int64_t dead_addresses = 0;  // of this job, found while it was copied
  std::string source_tag;           // what tells that it is still the same source
  std::string upload;               // the storage's name of the copy under way
  std::string upload_parts;         // the ETags of its parts so far, with spaces between them
  std::string object;               // the copy's name in the shop's storage; empty = there is none
  std::int64_t bytes = 0;           // of the copy
  std::int64_t link_seen_us = 0;    // when the address of a delivered video was last looked at
  std::int64_t link_dead_us = 0;    // since when it holds no video; 0 = it does
  std::string cost;                 // what all its jobs cost us (domain/provider_cost.hpp)
  Failure failure = Failure::none;  // why it failed, of a failed one
  bool shown_before_register = false;  // ready: the buyer sees it before the register has it
  Outcome registered = Outcome::none;  // as last read in the register; without one, as we decided
  std::string refund;                  // Stripe's id of our refund
  std::int64_t refund_tries = 0;       // keys lost to stored errors of Stripe; part of the next key
  std::string reason;                  // why it failed, waits or is held, a sentence for people
  std::int64_t operator_decided_us = 0;  // when a person decided its next step; of a failed one: to
                                         // its refund, past the refund breaker

  bool operator==(const Unit&) const = default;
};
BOOST_DESCRIBE_STRUCT(Unit, (),
                      (state, attempt, generations, generator, model, earlier_generations, doubles,
                       prompt_edit, seed, intent_us, empty_lookups, put_offs, away_us, away_for_us,
                       retry_us, queued_us, accepted_us, called_us, delivered_us, job, handle, url,
                       thumbnail_url, content_type, source_url, url_ends_us, dead_addresses,
                       source_tag, upload, upload_parts, object, bytes, link_seen_us, link_dead_us,
                       cost, failure, shown_before_register, registered, refund, refund_tries,
                       reason, operator_decided_us))

struct Claim {
  std::int64_t schema = 1;
  std::int64_t version = 0;  // 0 = never stored
  OrderState state = OrderState::open;
  std::int64_t created_us = 0;
  std::int64_t expires_us = 0;  // Stripe's expires_at

  // Ordered: the payment is compared with these. What is paid in the end may differ from the
  // subtotal by discount, tax and shipping.
  std::string tool;     // slug of the configured tool whose limits apply
  std::string sold_as;  // the shop's own slug, where that is not configured; else empty
  MediaKind media = MediaKind::video;
  std::string price;
  std::int64_t quantity = 1;
  std::int64_t subtotal_minor = -1;  // -1 = not known: a claim of an older release
  // The total. While the order is open, as it was when the session was made; afterwards what was
  // paid. All shares are parts of it.
  std::int64_t amount_minor = 0;
  std::string currency;
  bool livemode = false;

  // Seen at Stripe.
  std::int64_t payment_read_us = 0;  // Stripe's last answer about it; 0 = ask before anything
  std::int64_t unknown_us = 0;  // since when Stripe answers that it has no such session; 0 = it has
  std::int64_t paid_us = 0;     // when we first saw it paid
  std::string payment_intent;
  std::string charge;
  bool delayed = false;                       // the form is complete, the money still under way
  std::int64_t refunded_elsewhere_minor = 0;  // refunded by persons in Stripe's Dashboard

  // Frozen with the first intent: what the buyer ordered, the same in every submit of this order.
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  std::string prompt_sha256;  // of the prompt as it goes to the generator

  // Of a buyer whose prompt was refused.
  std::int64_t prompt_edits = 0;         // how often the buyer has written another one
  std::int64_t prompt_edited_us = 0;     // when the buyer last did
  std::int64_t prompt_edit_ends_us = 0;  // what is editable now fails then

  std::int64_t refund_after_us = 0;  // a unit not accepted by then is refunded
  std::string reason;                // why held or closed, a sentence for people
  bool recoverable = false;          // expired, and the buyer agreed to be told of the way back
  bool view_dirty = false;           // the view in session:<id> is behind
  std::string notified;              // which notifications went out (domain/notification.hpp)
  Dispute dispute;                   // of the payment; its id is empty while there is none
  std::vector<Unit> units;

  bool operator==(const Claim&) const = default;
};
BOOST_DESCRIBE_STRUCT(Claim, (),
                      (schema, version, state, created_us, expires_us, tool, sold_as, media, price,
                       quantity, subtotal_minor, amount_minor, currency, livemode, payment_read_us,
                       unknown_us, paid_us, payment_intent, charge, delayed,
                       refunded_elsewhere_minor, width, height, duration_s, prompt_sha256,
                       prompt_edits, prompt_edited_us, prompt_edit_ends_us, refund_after_us, reason,
                       recoverable, view_dirty))
// Not in this list: `notified`, which is stored as `told`; dispute and units, with prefixes.

// --- the meaning of a zero or an empty text: use these names, no comparison ---

bool is_stored(const Claim& claim);             // else it was made here and Redis has none
bool payment_was_read(const Claim& claim);      // else Stripe is asked before anything is done
bool was_paid(const Claim& claim);              // Stripe once answered so, whatever it answers now
bool knows_subtotal(const Claim& claim);        // else only its total can be compared
bool is_unknown_at_stripe(const Claim& claim);  // Stripe says that it has no such session
bool has_frozen_inputs(const Claim& claim);  // an intent was stored: nothing else may be submitted
bool has_dispute(const Claim& claim);

bool was_intended(const Unit& unit);  // a submit of it may be under way
bool was_accepted(const Unit& unit);  // by the generator, in this generation
bool generator_is_away(
    const Unit& unit);              // accepts no submit of it, or gives no answer about its job
bool is_queued(const Unit& unit);   // until a generator that makes as many as it may has its job
bool is_put_off(const Unit& unit);  // its next step has a time before which it is not tried
bool has_job(const Unit& unit);
const std::string& handle_of(const Unit& unit);   // what the generator calls its job
std::int64_t generations_here(const Unit& unit);  // jobs at its present generator
bool has_video(const Unit& unit);
bool has_refund(const Unit& unit);               // a refund of ours exists at Stripe, in any state
bool delivery_is_dated(const Unit& unit);        // false for deliveries of an older release
bool was_decided_by_operator(const Unit& unit);  // a person has decided its next step
// A person has decided its refund. It is `failed` until the register has the refund, and passes the
// refund breaker.
bool refund_was_decided(const Unit& unit);
bool has_ended(const Unit& unit);         // delivered or refunded: nothing follows
bool goes_by_itself(const Unit& unit);    // neither ended nor held
bool will_not_be_made(const Unit& unit);  // failed, goes back or is held: nobody makes it now

bool is_terminal(OrderState state);
bool is_closed(OrderState state);  // terminal or held: nothing goes on by itself
bool is_held(const Claim& claim);  // the order, or one of its videos, waits for a person

// The bought tool, by the shop's name for it.
const std::string& slug_of(const Claim& claim);
// The price of a unit, and the sum that is refunded for it; in the currency's smallest unit.
std::int64_t unit_price(const Claim& claim, std::size_t unit);

inline constexpr std::int64_t claim_schema = 1;
// The register uses one member of the charge's metadata for each unit; Stripe allows 50 in all.
inline constexpr std::size_t units_max = 40;
// Commands count units from 0; texts for people count videos from 1.
constexpr std::size_t video_number(std::size_t unit) { return unit + 1; }

}  // namespace claimcheck
