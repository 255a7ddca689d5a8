// Reconcile: finds what nobody told us. Every few minutes it reads which payments Stripe had events
// about, and wakes those orders that are not settled here: webhooks may be lost, and Redis may
// have gone back in time (how far was read is kept there too, and goes back with it). Once an hour
// one of the processes walks over all claims, puts back what the work index has lost, and reads the
// newest events once more. It only ever wakes; what is to be done the order's pass decides. Any
// number of processes may run it.
#pragma once

#include "flow/context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

struct ReconcileTimes {
  Duration period = std::chrono::minutes(5);  // while orders wait for something
  Duration idle_period = std::chrono::hours(1);
  Duration claims_period = std::chrono::hours(1);
  Duration walk_lease = std::chrono::minutes(5);  // of the process that walks; then another begins
  Duration first_look_back = std::chrono::days(3);  // when nothing is known: as long as Stripe
                                                    // goes on delivering by itself
  Duration window = std::chrono::hours(6);          // read at once
  Duration slack = std::chrono::minutes(10);        // events may appear late in the list
  Duration untold_age = std::chrono::hours(6);      // of orders whose news are put out late
};

class Reconcile {
 public:
  explicit Reconcile(Context& context, ReconcileTimes times = {});

  // Never returns. May be cut off at any moment: it only wakes.
  boost::asio::awaitable<void> run();

  // One look each; false = could not be finished, and is done again next time.
  boost::asio::awaitable<bool> events();
  // Nothing is done, and it is true, when another process walks, or has walked and its pause is not
  // over; `longest`: as of next_walk(), else the period.
  boost::asio::awaitable<bool> claims(std::optional<Duration> longest = {});

 private:
  boost::asio::awaitable<bool> wake_between(Time since, Time until);
  boost::asio::awaitable<bool> wake_for(stripe::Event event);
  boost::asio::awaitable<bool> left_undone(std::string session_id, const Claim& claim);
  boost::asio::awaitable<bool> put_back(std::vector<std::string> session_ids);

  Context& context_;
  ReconcileTimes times_;
};

}  // namespace claimcheck
