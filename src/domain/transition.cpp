#include "domain/transition.hpp"

#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

Transition::Transition(const Claim& claim, Time time, const Policy& rules)
    : before(claim), after(claim), now(time), policy(rules), order_noted_(claim.state) {
  for (const Unit& each : claim.units) units_noted_.push_back(each.state);
}

bool Transition::has_passed(Duration age, Duration limit) const {
  // A clock that jumped lately, or that other clocks contradict, ends nothing: a deadline can pass
  // later, but an end cannot be undone.
  return policy.clocks_agree && age > limit && policy.clock_steady_for > limit;
}

bool Transition::payment_is_fresh() const {
  return since(after.payment_read_us) <= policy.payment_fresh;
}

Time Transition::under_way_since(std::size_t index) const {
  return from_us(
      std::max({after.paid_us, after.prompt_edited_us, after.units[index].operator_decided_us}));
}

bool Transition::needs_no_register() const {
  return policy.register_mode == RegisterMode::off || after.amount_minor == 0;
}

Decision Transition::stay(Action action) const {
  return {
      .claim = after, .commit = must_store_ || !lines_.empty(), .moves = lines_, .action = action};
}

Decision Transition::park(Duration delay) const {
  return stay({.kind = ActionKind::park, .delay = std::max(delay, Duration(0))});
}

Decision Transition::ask_again_later(const std::function<bool(const Unit&)>& has_asked) {
  for (Unit& each : after.units) {
    if (has_asked(each)) each.retry_us = to_us(now + policy.unclear_wait);
  }
  // When no unit has asked, the question was about the order, so the order waits as a whole.
  return after == before ? park(policy.unclear_wait) : go_on();
}

void Transition::note(Move line) {
  lines_.push_back(std::move(line));
  order_noted_ = after.state;
  for (std::size_t i = 0; i < after.units.size(); ++i) units_noted_[i] = after.units[i].state;
}

void Transition::note_order(const std::string& why) {
  note({.from = std::string(name_of(order_noted_)),
        .to = std::string(name_of(after.state)),
        .why = why});
}

void Transition::note_unit(std::size_t index, const std::string& why) {
  const auto words = [index](UnitState state) {
    return fmt::format("video {} {}", video_number(index), name_of(state));
  };
  note({.from = words(units_noted_[index]), .to = words(unit(index).state), .why = why});
}

Decision Transition::change_order(const std::string& why) {
  note_order(why);
  return go_on();
}

Decision Transition::change_unit(std::size_t index, const std::string& why) {
  note_unit(index, why);
  return go_on();
}

Decision Transition::close_order(OrderState state, const std::string& why) {
  after.state = state;
  after.reason = why;
  return change_order(why);
}

Decision Transition::hold(std::size_t index, const std::string& why) {
  unit(index).state = UnitState::held;
  unit(index).reason = why;
  return change_unit(index, why);
}

Decision Transition::accept(std::size_t index, AcceptedJob job, const std::string& why) {
  Unit& accepted = unit(index);
  accepted.state = UnitState::running;
  accepted.job = std::move(job.job);
  accepted.handle = std::move(job.handle);
  accepted.called_us = accepted.dead_addresses = 0;
  accepted.source_url.clear();
  accepted.object.clear();
  accepted.upload.clear();
  accepted.upload_parts.clear();
  accepted.accepted_us = to_us(now);
  accepted.generations += 1;
  // A new job: earlier waits do not count for it.
  accepted.retry_us = accepted.put_offs = accepted.away_us = accepted.away_for_us = 0;
  accepted.queued_us = 0;
  accepted.reason.clear();
  return change_unit(index, why);
}

Decision Transition::deliver(std::size_t index, const std::string& why) {
  unit(index).state = UnitState::delivered;
  unit(index).delivered_us = to_us(now);
  unit(index).reason.clear();
  return change_unit(index, why);
}

Decision Transition::refund_unregistered(std::size_t index) {
  Unit& sent_back = unit(index);
  sent_back.state = UnitState::refunding;
  sent_back.registered = Outcome::refund;
  sent_back.retry_us = sent_back.put_offs = 0;
  return change_unit(index, "refund");
}

Decision Transition::fail(std::size_t index, const std::string& why, Failure failure) {
  Unit& failed = unit(index);
  const std::int64_t price = unit_price(after, index);
  failed.reason = why;
  failed.failure = failure;
  // An earlier decision of a person was about making the video; it does not decide a refund.
  failed.retry_us = failed.put_offs = failed.operator_decided_us = 0;
  failed.away_us = failed.away_for_us = failed.queued_us = 0;
  failed.state = UnitState::failed;
  if (!policy.refunds_automatic) failed.state = UnitState::held;
  if (price == 0) failed.state = UnitState::refunded;  // nothing was paid for it
  if (price > policy.refund_alone_max_minor) {
    failed.reason += "; its price is more than may be refunded without a person";
    failed.state = UnitState::held;
  }
  // Last, since it outranks the others: the buyer has received this video once.
  if (failed.registered == Outcome::deliver) {
    failed.reason += "; the register says it was delivered before";
    failed.state = UnitState::held;
  }
  return change_unit(index, why);
}

Decision Transition::put_off(std::size_t index, const std::string& why, Duration delay) {
  const Unit& was = before.units[index];
  Unit& waits = unit(index);
  const bool repeated = was.put_offs > 0 && was.state == waits.state && was.reason == why;
  waits.reason = why;
  waits.retry_us = to_us(now + delay);
  waits.put_offs += 1;
  if (!repeated) return change_unit(index, why);
  // One line, then only the count: a day of waiting would push all other lines out of the history.
  must_store();
  return go_on();
}

Decision Transition::close_ended_order() {
  const auto held = std::ranges::count(after.units, UnitState::held, &Unit::state);
  after.state = held == 0 ? OrderState::done : OrderState::held;
  if (held > 0) {
    after.reason = fmt::format("{} of {} videos wait for a person", held, after.units.size());
  }
  note_order(held == 0 ? "every video is delivered or refunded" : after.reason);
  // A person may have refunded something during the wait, so the payment is read once more.
  const bool read = !payment_is_fresh() && after.amount_minor > 0;
  return stay({.kind = read ? ActionKind::read_payment : ActionKind::finish});
}

Duration backoff(const Unit& unit, Duration shortest, Duration longest) {
  constexpr std::int64_t doublings_max = 16;  // more would overflow; far beyond every `longest`
  const std::int64_t doublings = std::min(unit.put_offs, doublings_max);
  return std::min(shortest * (std::int64_t{1} << doublings), longest);
}

}  // namespace claimcheck
