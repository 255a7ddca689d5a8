#include "domain/command_units.hpp"

#include "domain/names.hpp"
#include "domain/order_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

std::unexpected<Rejected> decline_under_way(const Unit& unit) {
  return reject("under_way", fmt::format("is {} and goes on by itself", name_of(unit.state)));
}

// The unit in the state that the command puts it into. Its earlier counts and waits are cleared.
Unit restart(const Transition& t, Unit unit, UnitState state) {
  unit.state = state;
  unit.operator_decided_us = to_us(t.now);
  unit.retry_us = unit.put_offs = unit.empty_lookups = 0;
  unit.away_us = unit.away_for_us = unit.queued_us = 0;
  unit.reason.clear();
  // Of what is refunded the buyer is still told why it was not made.
  const bool goes_back = state == UnitState::failed || state == UnitState::refunding;
  if (!goes_back) unit.failure = Failure::none;
  return unit;
}

// Its request may still be on its way: the result is unknown before the settle time is over.
bool is_unsettled(const Transition& t, const Unit& unit) {
  return unit.state == UnitState::submitting &&
         t.now < from_us(unit.intent_us) + t.policy.settle_time;
}

std::unexpected<Rejected> decline_unsettled(const Transition& t, const Unit& unit) {
  const Duration left = from_us(unit.intent_us) + t.policy.settle_time - t.now;
  return reject("not_settled", fmt::format("may be on its way to the generator; wait {} s",
                                           std::chrono::ceil<std::chrono::seconds>(left).count()));
}

// The reason why this unit can get no video, by any command; nothing = it can.
std::optional<Rejected> objection_to_video(const Unit& unit) {
  if (unit.state == UnitState::delivered) return Rejected{"delivered", "is delivered"};
  if (unit.state == UnitState::refunded) return Rejected{"refunded", "is refunded"};
  if (has_refund(unit)) {
    return Rejected{"refunded", "has the refund " + unit.refund + " at Stripe"};
  }
  if (unit.state == UnitState::refunding || unit.registered == Outcome::refund) {
    return Rejected{"refund_registered",
                    "is to be refunded, as the register at Stripe says, and can not be made or "
                    "delivered any more"};
  }
  return std::nullopt;
}

// A known job is polled, a submit is looked up by its seed: neither costs another generation.
ChangedUnit retry(const Transition& t, const Unit& unit) {
  if (const auto objection = objection_to_video(unit)) return std::unexpected(*objection);
  if (unit.state != UnitState::failed && unit.state != UnitState::held) {
    if (t.before.state == OrderState::held) return unit;  // goes on with its order
    return decline_under_way(unit);
  }
  if (has_video(unit)) return restart(t, unit, UnitState::ready);
  if (was_accepted(unit)) {
    Unit polled = restart(t, unit, UnitState::running);
    polled.accepted_us = to_us(t.now);  // its deadline begins anew as well
    return polled;
  }
  // Either nothing was sent, or a delivered video is sought under each of its seeds.
  if (!was_intended(unit) || unit.registered == Outcome::deliver) {
    Unit waiting = restart(t, unit, UnitState::waiting);
    if (unit.registered == Outcome::deliver) waiting.attempt = 0;
    return waiting;
  }
  // As if the settle time of its submit had just ended: the look-up is due at once, and counts like
  // any other.
  Unit looked_up = restart(t, unit, UnitState::submitting);
  looked_up.intent_us = std::max(unit.intent_us, to_us(t.now - t.policy.settle_time));
  return looked_up;
}

ChangedUnit resubmit(const Transition& t, const Unit& unit) {
  if (const auto objection = objection_to_video(unit)) return std::unexpected(*objection);
  if (unit.registered == Outcome::deliver) {
    return reject("deliver_registered",
                  "was delivered before, as the register at Stripe says: it can be found (retry) "
                  "or delivered by hand, not made again");
  }
  if (unit.shown_before_register) return reject("shown", "has been shown to the buyer");
  if (is_unsettled(t, unit)) return decline_unsettled(t, unit);
  const bool stuck = unit.state == UnitState::submitting || unit.state == UnitState::editable ||
                     unit.state == UnitState::failed || unit.state == UnitState::held;
  if (!stuck) return decline_under_way(unit);
  Unit again = restart(t, unit, UnitState::waiting);
  if (was_intended(unit)) again.attempt += 1;
  again.accepted_us = 0;  // the job stays recorded, but it is an earlier one
  again.url.clear();
  again.thumbnail_url.clear();
  again.source_url.clear();
  again.object.clear();
  return again;
}

ChangedUnit deliver(const Transition& t, const Unit& unit, const std::string& url) {
  if (const auto objection = objection_to_video(unit)) return std::unexpected(*objection);
  if (unit.state == UnitState::ready) return decline_under_way(unit);
  if (is_unsettled(t, unit)) return decline_unsettled(t, unit);
  Unit made = restart(t, unit, UnitState::ready);
  made.url = url;
  made.thumbnail_url.clear();
  made.content_type.clear();
  made.url_ends_us = 0;
  made.source_url.clear();
  made.object.clear();
  return made;
}

std::optional<Rejected> objection_to_refund(const Claim& claim, const Unit& unit) {
  constexpr const char* dashboard = "; refund it in Stripe's Dashboard if it must be";
  const auto decline_delivered = [&](const char* code, const char* why) {
    return Rejected{code, std::string(why) + dashboard};
  };
  if (unit.state == UnitState::delivered) return decline_delivered("delivered", "is delivered");
  if (unit.state == UnitState::refunded) return Rejected{"refunded", "is refunded"};
  if (has_refund(unit)) {
    const bool failed = unit.state == UnitState::held;
    if (!failed) return Rejected{"under_way", "is being refunded"};
    return Rejected{"refund_failed", "has the refund " + unit.refund +
                                         " at Stripe already; only its Dashboard can decide more"};
  }
  if (unit.registered == Outcome::deliver) {
    return decline_delivered("deliver_registered",
                             "was delivered before, as the register at Stripe says");
  }
  if (unit.shown_before_register) return decline_delivered("shown", "has been shown to the buyer");
  if (const std::int64_t others = unattributed_minor(claim); others > 0) {
    return Rejected{"refunded_in_part",
                    fmt::format("is of a payment of which a person has refunded {} {} (smallest "
                                "unit), and nobody here can tell what for; refund the rest in "
                                "Stripe's Dashboard",
                                others, claim.currency)};
  }
  return std::nullopt;
}

// The register is written and the refunds are listed as for any refund. Only the refund breaker and
// the limits of automatic refunds are passed.
ChangedUnit refund(const Transition& t, std::size_t index) {
  const Unit& unit = t.before.units[index];
  if (const auto objection = objection_to_refund(t.before, unit))
    return std::unexpected(*objection);
  if (is_unsettled(t, unit)) return decline_unsettled(t, unit);
  // A refund that is under way is not begun again; in a held order it has to go on.
  const bool decided = unit.state == UnitState::refunding || refund_was_decided(unit);
  if (decided && t.before.state == OrderState::paid)
    return reject("under_way", "is being refunded");
  const bool registered = unit.registered == Outcome::refund;
  const bool goes_back = registered || unit.state == UnitState::refunding;
  Unit sent_back = restart(t, unit, goes_back ? UnitState::refunding : UnitState::failed);
  sent_back.reason = "a person has decided to refund it";
  if (unit_price(t.before, index) == 0) {
    sent_back.state = UnitState::refunded;  // nothing was paid for it
  }
  return sent_back;
}

}  // namespace

std::unexpected<Rejected> reject(std::string code, std::string why) {
  return std::unexpected(Rejected{.code = std::move(code), .why = std::move(why)});
}

ChangedUnit apply_to_unit(const Transition& t, std::size_t index, const Command& command) {
  const Unit& unit = t.before.units[index];
  switch (command.kind) {
    case CommandKind::resubmit: return resubmit(t, unit);
    case CommandKind::refund: return refund(t, index);
    case CommandKind::deliver: return deliver(t, unit, command.url);
    case CommandKind::retry:
    case CommandKind::look:
    case CommandKind::erase: break;  // the last two are of the whole order
  }
  return retry(t, unit);
}

}  // namespace claimcheck
