// StripePace: gives each call to Stripe its turn, over all processes on one Redis, so that Stripe
// has no reason to answer 429. A buyer's checkout goes first. Each other kind of call leaves a part
// of each burst to the kinds before it, and has a small share in any case, so no kind waits for
// ever. While Redis does not answer, each process keeps the same pace by itself. Borrows pace and
// clock.
#pragma once

#include "base/clock.hpp"
#include "store/pace.hpp"
#include "stripe/pacing.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>

namespace claimcheck {

struct StripePaceOptions {
  std::int64_t calls_per_second = 20;  // Stripe's limit is 25, and others may use the account
};

class StripePace {
 public:
  StripePace(CallPace& pace, Clock& clock, StripePaceOptions options);

  // For stripe::Options. The functions call this object, which must outlive the client.
  stripe::Pacing pacing();

  // As stripe::Pacing has them.
  boost::asio::awaitable<bool> turn(stripe::Turn turn);
  boost::asio::awaitable<void> limited(std::string limit);

 private:
  PaceAsk ask_of(const stripe::Turn& turn) const;
  boost::asio::awaitable<PaceLeave> ask(PaceAsk asked);
  // When the next waiting call of a lane may ask Redis, so that they do not all ask at once;
  // nothing = after the deadline.
  std::optional<Duration> place_in(const std::string& lane, Duration earliest, Duration deadline);

  CallPace& pace_;
  Clock& clock_;
  Duration interval_;
  Duration burst_;
  std::map<std::string, Duration> lanes_;  // steady: when the last one that waits asks
  std::map<std::string, PaceBook> alone_;  // by limit, while Redis does not answer
  Duration alone_until_{0};                // steady
};

}  // namespace claimcheck
