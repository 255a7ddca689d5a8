#include "flow/after_commit.hpp"

#include "base/log.hpp"
#include "domain/link_watch.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/for_a_person.hpp"
#include "flow/generator_line.hpp"
#include "flow/money_counts.hpp"
#include "flow/payment.hpp"

#include <algorithm>
#include <chrono>

namespace claimcheck {

namespace {

void log_moves(const OrderInWork& order, const Decision& decision) {
  for (const auto& [from, to, why] : decision.moves) {
    log_info("order_changed", {{"session", order.id}, {"from", from}, {"to", to}, {"why", why}});
  }
}

// At level error: a person has to act.
void alarm(const OrderInWork& order, const std::string& why) {
  log_error("order_held", {{"session", order.id}, {"why", why}});
}

void count_order(const OrderInWork& order, const Claim& before) {
  if (before.state == order.claim.state) return;
  // An order that was held and goes on was counted as paid before.
  const bool paid_before = order.claim.state == OrderState::paid && was_paid(before);
  if (!paid_before) order.context.metrics.count(Counter::orders, name_of(order.claim.state));
}

// Redis counts deliveries for the refund breaker: it stops when too large a share is refunded.
boost::asio::awaitable<void> count_delivery(const OrderInWork& order) {
  const Result<void> counted = co_await order.context.store.refunds->count_delivery();
  if (!counted) log_warn("delivery_not_counted", {{"session", order.id}});
}

// Once for each link, when it is believed: one dead look may have met a moment's fault.
void tell_dead_link(const OrderInWork& order, std::size_t index, const Unit& before) {
  if (has_lost_link(before) || !has_lost_link(order.claim.units[index])) return;
  log_error("link_dead", {{"session", order.id}, {"unit", index}});
  order.context.metrics.count(Counter::units, "link_dead");
}

boost::asio::awaitable<void> count_units(const OrderInWork& order, const Claim& before) {
  for (std::size_t i = 0; i < order.claim.units.size(); ++i) {
    const Unit& unit = order.claim.units[i];
    if (before.units[i].state == unit.state) {
      tell_dead_link(order, i, before.units[i]);
      continue;
    }
    order.context.metrics.count(Counter::units, name_of(unit.state));
    if (unit.state == UnitState::delivered) co_await count_delivery(order);
    // The unit has ended as delivered, so nothing refunds it. Without an address the buyer sees no
    // video: only a person can find it.
    if (unit.state == UnitState::delivered && !has_video(unit)) {
      alarm(order, "a video was delivered, and nobody knows where it is");
    }
    if (unit.state == UnitState::held) alarm(order, unit.reason);
  }
  // An order can be held as a whole while no unit is, so it has an alarm of its own.
  const bool held_now = before.state != OrderState::held && order.claim.state == OrderState::held;
  if (held_now) alarm(order, order.claim.reason);
}

boost::asio::awaitable<std::set<OrderList>> update_lists(const OrderInWork& order,
                                                         const Claim& before) {
  std::set<OrderList> anew;
  for (const OrderList which : for_a_person) {
    const bool was = belongs_on(which, before);
    const bool belongs = belongs_on(which, order.claim);
    // A dispute that changed has another day to answer by, so it gets another place on the list.
    const bool moved = which == OrderList::disputed && before.dispute != order.claim.dispute;
    if (belongs && (!was || moved)) anew.insert(which);
    if (was && !belongs) co_await unlist(order.context, which, order.id);
  }
  co_return anew;
}

// A unit that no longer waits for the generator is no longer counted there.
boost::asio::awaitable<void> leave_queue(const OrderInWork& order, const Claim& before) {
  for (std::size_t i = 0; i < order.claim.units.size(); ++i) {
    const Unit& was = before.units[i];
    const Unit& is = order.claim.units[i];
    // A unit that moves on has asked that generator, also if no wait was recorded.
    const bool elsewhere = order.generator_of(was) != order.generator_of(is);
    const bool left = waits_for_generator(was) && !waits_for_generator(is);
    if (!left && !elsewhere) continue;
    const Result<void> counted =
        co_await order.context.store.generator->wait_no_more(order.generator_of(was), order.tag(i));
    if (!counted) log_warn("waiting_not_counted", {{"session", order.id}, {"unit", i}});
  }
}

boost::asio::awaitable<void> index_payment(const OrderInWork& order, const Claim& before) {
  // An order is searched for by its payment, so it is indexed when that becomes known.
  const bool first_paid = !was_paid(before) && was_paid(order.claim);
  const bool other_payment = before.payment_intent != order.claim.payment_intent;
  if (!first_paid && !other_payment) co_return;
  co_await index_order(order.context, order.id, order.claim, order.buyer_email, order.reference);
}

// If a crash swallows this, the bytes are released when the order leaves the work index.
boost::asio::awaitable<void> release_unpaid_bytes(const OrderInWork& order, const Claim& before) {
  if (before.state != OrderState::open || order.claim.state == OrderState::open) co_return;
  const Result<void> released = co_await order.context.store.checkouts->release_unpaid(order.id);
  if (!released) log_warn("unpaid_bytes_not_released", {{"session", order.id}});
}

void measure_delivery(const OrderInWork& order, const Claim& before) {
  // Only of orders that were delivered in full: the time of a refund says nothing about how long
  // buyers wait for a video.
  const bool done = before.state != OrderState::done && order.claim.state == OrderState::done;
  const auto delivered = [](const Unit& unit) { return unit.state == UnitState::delivered; };
  if (!done || !std::ranges::all_of(order.claim.units, delivered)) return;
  const Duration taken = order.context.clock.now() - from_us(order.claim.paid_us);
  order.context.metrics.observe_delivery_s(std::chrono::duration<double>(taken).count());
}

}  // namespace

boost::asio::awaitable<std::set<OrderList>> after_commit(const OrderInWork& order,
                                                         const Claim& before,
                                                         const Decision& decision) {
  // The log comes first: it cannot fail, and it explains everything that follows.
  log_moves(order, decision);
  count_order(order, before);
  count_money(order.context, before, order.claim);
  co_await count_units(order, before);
  std::set<OrderList> anew = co_await update_lists(order, before);
  co_await leave_queue(order, before);
  co_await leave_places(order, before);
  co_await index_payment(order, before);
  co_await release_unpaid_bytes(order, before);
  measure_delivery(order, before);
  co_return anew;
}

}  // namespace claimcheck
