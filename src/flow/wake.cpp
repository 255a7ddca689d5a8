#include "flow/wake.hpp"

#include "flow/fulfilment.hpp"

#include <utility>

namespace claimcheck {

Async<void> wake(Context& context, std::string member) {
  // Others are told only if they are needed: else all of them would ask Redis for one order.
  const bool ours = context.fulfilment != nullptr && context.fulfilment->has_room();
  const Announce announce = ours ? Announce::no : Announce::yes;
  const Result<void> woken = co_await context.store.queue->wake(std::move(member), announce);
  // Also without a place: the order is then taken as soon as one is free.
  if (woken && context.fulfilment != nullptr) context.fulfilment->look();
  co_return woken;
}

}  // namespace claimcheck
