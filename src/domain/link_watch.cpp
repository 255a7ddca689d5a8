#include "domain/link_watch.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// How long after its last look the next one is due.
Duration pause_of(const Unit& unit, const Policy& policy) {
  const bool doubted = unit.link_dead_us != 0 && has_video(unit);
  if (doubted) return unit.link_seen_us == 0 ? Duration(0) : policy.link_doubt;
  const Duration so_far = from_us(unit.link_seen_us) - from_us(unit.delivered_us);
  return std::max(policy.link_first_look, so_far);
}

bool is_due(const Unit& unit, Time now, const Policy& policy) {
  const bool has_address = has_video(unit) || !unit.source_url.empty();
  if (unit.state != UnitState::delivered || !has_address || !delivery_is_dated(unit)) return false;
  const Time delivered = from_us(unit.delivered_us);
  if (now - delivered > policy.link_watched_for) return false;
  const Time seen = std::max(delivered, from_us(unit.link_seen_us));
  // An address that ends is looked at when it has ended.
  const bool ended = unit.url_ends_us != 0 && unit.object.empty() &&
                     seen < from_us(unit.url_ends_us) && from_us(unit.url_ends_us) < now;
  return ended || now - seen >= pause_of(unit, policy);
}

}  // namespace

std::optional<std::size_t> link_to_look_at(const Claim& claim, Time now, const Policy& policy) {
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (is_due(claim.units[i], now, policy)) return i;
  }
  return std::nullopt;
}

bool has_lost_link(const Unit& unit) {
  return unit.state == UnitState::delivered && !has_video(unit);
}

}  // namespace claimcheck
