// StandingFulfilment: the worker on the memory store, while the clock stands still. So its look
// from time to time never comes, and what it does it does because it was told to.
// WatchedQueue: the work index behind it, which records what is asked of it.
#pragma once

#include "base/tasks.hpp"
#include "flow/fulfilment.hpp"
#include "flow/wake.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace claimcheck::test {

class WatchedQueue final : public WorkQueue {
 public:
  explicit WatchedQueue(std::unique_ptr<WorkQueue> behind) : behind_(std::move(behind)) {}

  std::vector<Announce> wakes;
  std::size_t takes = 0;
  bool refuses = false;  // to be read, once
  // What others do after the index was read, and before its answer is here; once.
  std::function<boost::asio::awaitable<void>()> meanwhile;

  Async<void> schedule(std::string member, Time when) override {
    return behind_->schedule(std::move(member), when);
  }
  Async<void> schedule_all(std::vector<Scheduled> lost) override {
    return behind_->schedule_all(std::move(lost));
  }
  Async<void> wake(std::string member, Announce announce) override {
    wakes.push_back(announce);
    return behind_->wake(std::move(member), announce);
  }
  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override {
    ++takes;
    Result<std::vector<Due>> taken = fail(Errc::unavailable, "not now");
    if (!std::exchange(refuses, false)) taken = co_await behind_->take(limit, lease);
    if (const auto deed = std::exchange(meanwhile, {})) co_await deed();
    co_return taken;
  }
  Async<std::optional<double>> renew(Due taken, Duration lease) override {
    return behind_->renew(std::move(taken), lease);
  }
  Async<bool> settle(Due taken, std::optional<Duration> delay) override {
    return behind_->settle(std::move(taken), delay);
  }
  Async<Time> due_at(std::string member) override { return behind_->due_at(std::move(member)); }
  Async<std::int64_t> waiting() override { return behind_->waiting(); }

  static WatchedQueue& of(Store& store) {
    auto watched = std::make_unique<WatchedQueue>(std::move(store.queue));
    WatchedQueue& queue = *watched;
    store.queue = std::move(watched);
    return queue;
  }

 private:
  std::unique_ptr<WorkQueue> behind_;
};

struct StandingFulfilment {
  OrderWorld world;
  WatchedQueue& queue = WatchedQueue::of(world.store);
  Tasks tasks{world.run.io.get_executor()};
  Fulfilment fulfilment;

  explicit StandingFulfilment(FulfilmentLimits limits = {})
      : fulfilment(world.context, tasks, limits) {}
  ~StandingFulfilment() {
    fulfilment.stop();
    world.run(tasks.drained(world.run.clock, std::chrono::minutes(10)));
  }

  // An unpaid order that nobody has woken. Its pass is one call to Stripe.
  void open(const std::string& id) {
    NewOrder order = new_order(id, std::nullopt);
    order.claim.expires_us = to_us(world.run.clock.now() + std::chrono::hours(24));
    REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
    world.http.answers.push_back(world.session(id, "open", "unpaid"));
  }
  void begin() {
    tasks.start(fulfilment.run());
    stand();
  }
  void wake(const std::string& id) {
    good(world.run(claimcheck::wake(world.context, id)));
    stand();
  }
  // All that can happen at this moment.
  void stand() {
    do {
      world.run.io.restart();
    } while (world.run.io.poll() > 0);
  }
  std::size_t passes() const { return world.http.calls.size(); }
};

}  // namespace claimcheck::test
