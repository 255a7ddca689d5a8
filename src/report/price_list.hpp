// PriceList: what the configured prices cost, as Stripe has them, for shops that show their prices.
// Read after the start and then once an hour; a price that could not be read is asked for again
// after a minute. A price never changes its amount or currency at Stripe, so the last answer is
// right while Stripe is away. Nothing is charged by it: the payment page asks Stripe itself. One
// per process; owned by the composition root.
#pragma once

#include "flow/context.hpp"

#include <map>
#include <string>

namespace claimcheck {

inline constexpr Duration prices_every = std::chrono::hours(1);
inline constexpr Duration prices_retry = std::chrono::minutes(1);

class PriceList {
 public:
  explicit PriceList(Context& context) : context_(context) {}

  boost::asio::awaitable<void> run();
  // Reads every price once. False = one of them is not known.
  boost::asio::awaitable<bool> refresh();
  // Nothing = not known (yet).
  const stripe::PriceFacts* of(const std::string& price_id) const;

 private:
  Context& context_;
  std::map<std::string, stripe::PriceFacts> known_;  // by id
};

}  // namespace claimcheck
