#include "flow/clocks.hpp"

#include "base/log.hpp"

namespace claimcheck {

boost::asio::awaitable<void> compare_clocks(Context& context, std::function<void()> confirm) {
  while (true) {
    co_await context.clock.sleep(clocks_compared_every);
    // In the usual case no call is made: other answers have confirmed the clock meanwhile.
    if (context.clocks_agree()) continue;
    const Result<Duration> skew = co_await context.stripe.clock_skew();
    if (!skew || std::chrono::abs(*skew) > stripe::Client::clock_skew_max) continue;
    confirm();
    log_info("clock_confirmed", {{"ahead_of_stripe_s", skew->count() / 1'000'000}});
  }
}

}  // namespace claimcheck
