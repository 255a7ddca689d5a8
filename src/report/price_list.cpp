#include "report/price_list.hpp"

#include "base/log.hpp"

namespace claimcheck {

boost::asio::awaitable<void> PriceList::run() {
  for (;;) {
    const bool complete = co_await refresh();
    co_await context_.clock.sleep(complete ? prices_every : prices_retry);
  }
}

boost::asio::awaitable<bool> PriceList::refresh() {
  bool complete = true;
  for (const Price& price : context_.catalog.prices) {
    const Result<stripe::PriceFacts> facts = co_await context_.stripe.price(price.id);
    if (facts) {
      known_.insert_or_assign(price.id, *facts);
      continue;
    }
    complete = false;
    // No buyer could pay with it, so the operator hears of it before the first one comes.
    if (facts.error().code == Errc::not_found) {
      log_error("price_not_found", {{"price", price.id}, {"check", "STRIPE_PRICE_IDS"}});
    } else {
      log_warn("price_unknown", {{"price", price.id}, {"why", facts.error().message}});
    }
  }
  co_return complete;
}

const stripe::PriceFacts* PriceList::of(const std::string& price_id) const {
  const auto found = known_.find(price_id);
  return found == known_.end() ? nullptr : &found->second;
}

}  // namespace claimcheck
