#include "domain/command_units.hpp"

#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

std::unexpected<Declined> already_under_way(const Unit& unit) {
  return decline("under_way", fmt::format("is {} and goes on by itself", name_of(unit.state)));
}

// What a person sends on its way begins there anew.
Unit sent_on(Unit unit, UnitState state, Time now) {
  unit.state = state;
  unit.by_hand_us = to_us(now);
  unit.retry_us = unit.refusals = unit.lookups = 0;
  unit.away_us = unit.away_for_us = 0;
  unit.reason.clear();
  return unit;
}

bool may_be_out(const Unit& unit, Time now, const Policy& policy) {
  return unit.state == UnitState::submitting && now < from_us(unit.intent_us) + policy.settle_time;
}

std::unexpected<Declined> not_settled(const Unit& unit, Time now, const Policy& policy) {
  const Duration left = from_us(unit.intent_us) + policy.settle_time - now;
  return decline("not_settled", fmt::format("may be on its way to the generator; wait {} s",
                                            std::chrono::ceil<std::chrono::seconds>(left).count()));
}

// What stands against its video, whichever way that comes; code and words, or nothing.
std::optional<Declined> against_video(const Unit& unit) {
  if (unit.state == UnitState::delivered) return Declined{"delivered", "is delivered"};
  if (unit.state == UnitState::refunded) return Declined{"refunded", "is refunded"};
  if (!unit.refund.empty()) {
    return Declined{"refunded", "has the refund " + unit.refund + " at Stripe"};
  }
  if (unit.state == UnitState::refunding || unit.registered == Outcome::refund) {
    return Declined{"refund_registered",
                    "is to be refunded, as the register at Stripe says, and can not be made or "
                    "delivered any more"};
  }
  return std::nullopt;
}

// Its job is asked, its submit looked up by its seed: neither costs another generation.
Changed retried(const Claim& claim, const Unit& unit, Time now, const Policy& policy) {
  if (const auto objection = against_video(unit)) return std::unexpected(*objection);
  if (unit.state != UnitState::failed && unit.state != UnitState::held) {
    if (claim.state == OrderState::held) return unit;  // with its order
    return already_under_way(unit);
  }
  if (!unit.url.empty()) return sent_on(unit, UnitState::ready, now);
  if (unit.accepted_us != 0) {
    Unit polled = sent_on(unit, UnitState::running, now);
    polled.accepted_us = to_us(now);
    return polled;
  }
  // Nothing was ever sent; or what was delivered is looked for by each of its seeds.
  if (unit.intent_us == 0 || unit.registered == Outcome::deliver) {
    Unit waiting = sent_on(unit, UnitState::waiting, now);
    if (unit.registered == Outcome::deliver) waiting.attempt = 0;
    return waiting;
  }
  Unit looked_up = sent_on(unit, UnitState::submitting, now);
  looked_up.intent_us = std::max(unit.intent_us, to_us(now - policy.settle_time));
  return looked_up;
}

Changed resubmitted(const Unit& unit, Time now, const Policy& policy) {
  if (const auto objection = against_video(unit)) return std::unexpected(*objection);
  if (unit.registered == Outcome::deliver) {
    return decline("deliver_registered",
                   "was delivered before, as the register at Stripe says: it can be found (retry) "
                   "or delivered by hand, not made again");
  }
  if (unit.shown) return decline("shown", "has been shown to the buyer");
  if (may_be_out(unit, now, policy)) return not_settled(unit, now, policy);
  const bool stuck = unit.state == UnitState::submitting || unit.state == UnitState::failed ||
                     unit.state == UnitState::held;
  if (!stuck) return already_under_way(unit);
  Unit again = sent_on(unit, UnitState::waiting, now);
  if (unit.intent_us != 0) again.attempt += 1;
  again.accepted_us = 0;  // its job, which stays known, is one of before
  again.url.clear();
  again.thumbnail_url.clear();
  return again;
}

Changed delivered(const Unit& unit, const std::string& url, Time now, const Policy& policy) {
  if (const auto objection = against_video(unit)) return std::unexpected(*objection);
  if (unit.state == UnitState::ready) return already_under_way(unit);
  if (may_be_out(unit, now, policy)) return not_settled(unit, now, policy);
  Unit made = sent_on(unit, UnitState::ready, now);
  made.url = url;
  made.thumbnail_url.clear();
  return made;
}

std::optional<Declined> against_refund(const Claim& claim, const Unit& unit) {
  constexpr const char* dashboard = "; refund it in Stripe's Dashboard if it must be";
  const auto delivered = [&](const char* code, const char* why) {
    return Declined{code, std::string(why) + dashboard};
  };
  if (unit.state == UnitState::delivered) return delivered("delivered", "is delivered");
  if (unit.state == UnitState::refunded) return Declined{"refunded", "is refunded"};
  if (!unit.refund.empty()) {
    const bool failed = unit.state == UnitState::held;
    if (!failed) return Declined{"under_way", "is being refunded"};
    return Declined{"refund_failed", "has the refund " + unit.refund +
                                         " at Stripe already; only its Dashboard can decide more"};
  }
  if (unit.registered == Outcome::deliver) {
    return delivered("deliver_registered", "was delivered before, as the register at Stripe says");
  }
  if (unit.shown) return delivered("shown", "has been shown to the buyer");
  if (const std::int64_t others = unattributed_minor(claim); others > 0) {
    return Declined{"refunded_in_part",
                    fmt::format("is of a payment of which a person has refunded {} {} (smallest "
                                "unit), and nobody here can tell what for; refund the rest in "
                                "Stripe's Dashboard",
                                others, claim.currency)};
  }
  return std::nullopt;
}

// The register is written and the refunds are listed as for any other; only the breaker and the
// limits of automatic refunds are passed.
Changed refunded(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  const Unit& unit = claim.units[index];
  if (const auto objection = against_refund(claim, unit)) return std::unexpected(*objection);
  if (may_be_out(unit, now, policy)) return not_settled(unit, now, policy);
  const bool decided = unit.state == UnitState::refunding ||
                       (unit.state == UnitState::failed && unit.by_hand_us != 0);
  if (decided && claim.state == OrderState::paid) return decline("under_way", "is being refunded");
  const bool registered = unit.registered == Outcome::refund;
  const bool goes_back = registered || unit.state == UnitState::refunding;
  Unit sent_back = sent_on(unit, goes_back ? UnitState::refunding : UnitState::failed, now);
  sent_back.reason = "a person has decided to refund it";
  if (share_of(claim, index) == 0) {
    sent_back.state = UnitState::refunded;  // nothing was paid for it
  }
  return sent_back;
}

}  // namespace

std::unexpected<Declined> decline(std::string code, std::string why) {
  return std::unexpected(Declined{.code = std::move(code), .why = std::move(why)});
}

Changed change(const Claim& claim, std::size_t index, const Command& command, Time now,
               const Policy& policy) {
  const Unit& unit = claim.units[index];
  switch (command.kind) {
    case CommandKind::resubmit: return resubmitted(unit, now, policy);
    case CommandKind::refund: return refunded(claim, index, now, policy);
    case CommandKind::deliver: return delivered(unit, command.url, now, policy);
    case CommandKind::retry:
    case CommandKind::look:
    case CommandKind::erase: break;  // the last two are of the whole order
  }
  return retried(claim, unit, now, policy);
}

}  // namespace claimcheck
