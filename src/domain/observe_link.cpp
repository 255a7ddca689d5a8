// The address of a delivered video: looked at now and then, so that a dead one is known before the
// buyer meets it. A delivery is never taken back for it: the buyer gets another address, or is
// told.
#include "domain/link_watch.hpp"
#include "domain/observe.hpp"

namespace claimcheck {

namespace {

Decision take_address(Transition& t, const LinkSeen& seen) {
  Unit& unit = t.unit(seen.unit);
  const bool own = !seen.own_url.empty();
  unit.url = own ? seen.own_url : seen.url;
  unit.source_url = own ? seen.url : "";
  unit.object.clear();
  unit.url_ends_us = seen.url_ends ? to_us(*seen.url_ends) : 0;
  unit.link_dead_us = 0;
  return t.change_unit(seen.unit, "its address was dead; the generator gave another one");
}

// One dead look may have met a moment's fault, so only the second one counts.
Decision note_dead(Transition& t, std::size_t index) {
  Unit& unit = t.unit(index);
  if (unit.link_dead_us == 0) {
    unit.link_dead_us = to_us(t.now);
    return t.go_on();
  }
  const bool again = t.since(unit.link_dead_us) >= t.policy.link_doubt;
  if (has_lost_link(unit) || !again) return t.go_on();
  // Kept for later looks: it may come back.
  if (unit.source_url.empty()) unit.source_url = unit.url;
  unit.url.clear();
  return t.change_unit(index, "its address holds no video any more");
}

Decision note_there(Transition& t, const LinkSeen& seen) {
  Unit& unit = t.unit(seen.unit);
  unit.link_dead_us = 0;
  if (!has_lost_link(unit)) return t.go_on();
  unit.url = seen.own_url;  // whichever kind of address it was
  return t.change_unit(seen.unit, "its address holds the video again");
}

}  // namespace

Decision observe(Transition& t, const LinkSeen& seen) {
  Unit& unit = t.unit(seen.unit);
  if (unit.state != UnitState::delivered) return t.go_on();
  t.must_store();
  if (seen.state == LinkState::doubted) {
    unit.link_seen_us = 0;
    unit.link_dead_us = to_us(t.now - t.policy.link_doubt);
    return t.go_on();
  }
  unit.link_seen_us = to_us(t.now);
  switch (seen.state) {
    case LinkState::there: return note_there(t, seen);
    case LinkState::dead: return seen.url.empty() ? note_dead(t, seen.unit) : take_address(t, seen);
    case LinkState::unclear:
    case LinkState::doubted: break;
  }
  return t.go_on();
}

}  // namespace claimcheck
