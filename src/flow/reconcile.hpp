// Reconcile: finds orders whose events were lost. Every few minutes it reads from Stripe which
// payments had events, and wakes the orders that are not settled here. Webhooks may be lost, and
// Redis may have gone back in time; the mark up to which events were read goes back with it. Once
// an hour one of the processes walks over all claims, puts back entries that the work index has
// lost, and reads the newest events once more. It only wakes orders; their passes decide what to
// do. Any number of processes may run it.
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
  Duration walk_lease =
      std::chrono::minutes(5);  // of the process that walks; after it another may begin
  Duration first_look_back = std::chrono::days(3);  // when nothing is known: as long as Stripe
                                                    // goes on delivering by itself
  Duration window = std::chrono::hours(6);          // read at once
  Duration slack = std::chrono::minutes(10);        // events may appear late in the list
  Duration untold_age = std::chrono::hours(6);      // so old an order is still notified of late
};

class Reconcile {
 public:
  explicit Reconcile(Context& context, ReconcileTimes times = {});

  // Never returns. May be cancelled at any moment: it only wakes orders.
  boost::asio::awaitable<void> run();

  // One round each; false = could not be finished, and is repeated next time.
  boost::asio::awaitable<bool> events();
  // True without a walk when another process walks, or when the pause after a walk is not over.
  // `longest`: as for next_walk(), else the period.
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
