#include "flow/generator_line.hpp"

#include "base/log.hpp"
#include "flow/wake.hpp"

#include <utility>

namespace claimcheck {

namespace {

bool has_place(const Unit& unit) {
  return unit.state == UnitState::submitting || unit.state == UnitState::running;
}

bool stands_in_line(const Claim& claim, const Unit& unit) {
  return claim.state == OrderState::paid && unit.state == UnitState::waiting;
}

bool leaves(const OrderInWork& order, const Claim& before, std::size_t index) {
  const Unit& was = before.units[index];
  const Unit& is = order.claim.units[index];
  const bool had = has_place(was) || stands_in_line(before, was);
  if (order.generator_of(was) != order.generator_of(is)) return had;
  if (has_place(was)) return !has_place(is);
  return had && !has_place(is) && !stands_in_line(order.claim, is);
}

}  // namespace

WaitingUnit unit_in_line(const OrderInWork& order, std::size_t unit, const std::string& generator) {
  const GeneratorOptions* options = order.context.generators.options(generator);
  return {.generator = generator,
          .unit = order.tag(unit),
          .paid = from_us(order.claim.paid_us),
          .tool = order.claim.tool,
          .capacity = options == nullptr ? GeneratorCapacity() : options->capacity};
}

boost::asio::awaitable<void> keep_place(const OrderInWork& order, std::size_t unit) {
  WaitingUnit kept = unit_in_line(order, unit, order.generator_of(order.claim.units[unit]));
  if (!kept.capacity.is_limited()) co_return;
  const Result<void> done = co_await order.context.store.places->keep_place(std::move(kept));
  if (!done) log_warn("place_not_kept", {{"session", order.id}, {"unit", unit}});
}

boost::asio::awaitable<void> keep_places(const OrderInWork& order) {
  for (std::size_t i = 0; i < order.claim.units.size(); ++i) {
    if (has_place(order.claim.units[i])) co_await keep_place(order, i);
  }
}

boost::asio::awaitable<void> leave_places(const OrderInWork& order, const Claim& before) {
  for (std::size_t i = 0; i < order.claim.units.size(); ++i) {
    if (!leaves(order, before, i)) continue;
    WaitingUnit left = unit_in_line(order, i, order.generator_of(before.units[i]));
    if (!left.capacity.is_limited()) continue;
    Result<std::vector<std::string>> next =
        co_await order.context.store.places->leave_line(std::move(left));
    if (next) {
      co_await wake_next(order.context, std::move(*next));
    } else {
      log_warn("place_not_left", {{"session", order.id}, {"unit", i}});
    }
  }
}

boost::asio::awaitable<void> wake_next(Context& context, std::vector<std::string> sessions) {
  for (std::string& session : sessions) {
    const std::string id = session;
    const Result<void> woken = co_await wake(context, std::move(session));
    if (!woken) log_warn("turn_not_told", {{"session", id}});
  }
}

}  // namespace claimcheck
