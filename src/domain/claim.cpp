#include "domain/claim.hpp"

#include <algorithm>

namespace claimcheck {

bool is_stored(const Claim& claim) { return claim.version > 0; }
bool payment_was_read(const Claim& claim) { return claim.payment_read_us != 0; }
bool was_paid(const Claim& claim) { return claim.paid_us != 0; }
bool knows_subtotal(const Claim& claim) { return claim.subtotal_minor >= 0; }
bool is_unknown_at_stripe(const Claim& claim) { return claim.unknown_us != 0; }
bool has_frozen_inputs(const Claim& claim) { return !claim.prompt_sha256.empty(); }
bool has_dispute(const Claim& claim) { return exists(claim.dispute); }

bool was_intended(const Unit& unit) { return unit.intent_us != 0; }
bool was_accepted(const Unit& unit) { return unit.accepted_us != 0; }
bool generator_is_away(const Unit& unit) { return unit.away_us != 0; }
bool is_queued(const Unit& unit) { return unit.queued_us != 0; }
bool is_put_off(const Unit& unit) { return unit.retry_us != 0; }
bool has_job(const Unit& unit) { return !unit.job.empty(); }
const std::string& handle_of(const Unit& unit) {
  return unit.handle.empty() ? unit.job : unit.handle;
}

std::int64_t generations_here(const Unit& unit) {
  return unit.generations - unit.earlier_generations;
}

bool has_video(const Unit& unit) { return !unit.url.empty(); }
bool has_refund(const Unit& unit) { return !unit.refund.empty(); }
bool delivery_is_dated(const Unit& unit) { return unit.delivered_us != 0; }
bool was_decided_by_operator(const Unit& unit) { return unit.operator_decided_us != 0; }

bool refund_was_decided(const Unit& unit) {
  return unit.state == UnitState::failed && was_decided_by_operator(unit);
}

bool has_ended(const Unit& unit) {
  return unit.state == UnitState::delivered || unit.state == UnitState::refunded;
}

bool goes_by_itself(const Unit& unit) { return !has_ended(unit) && unit.state != UnitState::held; }

bool will_not_be_made(const Unit& unit) {
  return unit.state == UnitState::failed || unit.state == UnitState::refunding ||
         unit.state == UnitState::refunded || unit.state == UnitState::held;
}

bool is_terminal(OrderState state) {
  return state == OrderState::done || state == OrderState::expired || state == OrderState::unpaid;
}

bool is_closed(OrderState state) { return is_terminal(state) || state == OrderState::held; }

bool is_held(const Claim& claim) {
  return claim.state == OrderState::held ||
         std::ranges::find(claim.units, UnitState::held, &Unit::state) != claim.units.end();
}

const std::string& slug_of(const Claim& claim) {
  return claim.sold_as.empty() ? claim.tool : claim.sold_as;
}

std::int64_t unit_price(const Claim& claim, std::size_t unit) {
  const Money whole{.amount_minor = claim.amount_minor, .currency = claim.currency};
  return share_of(whole, claim.units.size(), unit);
}

}  // namespace claimcheck
