// Turns of calls to Stripe: how many in a second, who goes first, what happens without Redis.
#include "flow/stripe_pace.hpp"
#include "store/memory/store.hpp"
#include "store/redis/store.hpp"
#include "support/scripted_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck {
namespace {

using stripe::Priority;

struct Call {
  Duration at{0};
  Priority priority = Priority::checkout;
  bool made = false;
};

struct Crowd {
  test::Runner run;
  MemoryStore store{run.clock};
  std::vector<Call> calls;  // in the order of their ends
  std::size_t started = 0;

  boost::asio::awaitable<void> call(StripePace& pace, Priority priority, Duration patience) {
    stripe::Turn turn{.limit = "test", .priority = priority, .patience = patience};
    const bool made = co_await pace.turn(std::move(turn));
    calls.push_back({.at = run.clock.steady(), .priority = priority, .made = made});
  }
  void start(StripePace& pace, int number, Priority priority,
             Duration patience = std::chrono::minutes(1)) {
    for (int i = 0; i < number; ++i, ++started) {
      boost::asio::co_spawn(run.io, call(pace, priority, patience), boost::asio::detached);
    }
  }
  void finish() {
    while (calls.size() < started) {
      run.io.restart();
      if (run.io.poll() > 0) continue;
      const std::optional<Time> wake = run.clock.next_wake();
      REQUIRE(wake.has_value());
      run.clock.advance(*wake - run.clock.now());
    }
  }
  std::int64_t made() const { return std::ranges::count(calls, true, &Call::made); }
  // The most calls that were made within any second.
  std::int64_t most_in_a_second() const {
    std::int64_t most = 0;
    for (const Call& first : calls) {
      const auto within = [&first](const Call& other) {
        return other.made && other.at >= first.at && other.at <= first.at + std::chrono::seconds(1);
      };
      most = std::max(most, std::int64_t{std::ranges::count_if(calls, within)});
    }
    return most;
  }
};

TEST_CASE("all processes together stay below Stripe's limit, and use what there is") {
  Crowd crowd;
  StripePace first(*crowd.store.pace, crowd.run.clock, {});
  StripePace second(*crowd.store.pace, crowd.run.clock, {});
  for (StripePace* pace : {&first, &second}) {
    crowd.start(*pace, 50, Priority::checkout);
    crowd.start(*pace, 50, Priority::payment);
  }
  crowd.finish();
  CHECK(crowd.made() == 200);
  CHECK(crowd.most_in_a_second() <= 25);
  CHECK(crowd.calls.back().at <= std::chrono::seconds(11));  // 20 a second
}

TEST_CASE("checkouts go first, then payments; a crowd of the others does not change that") {
  Crowd crowd;
  StripePace pace(*crowd.store.pace, crowd.run.clock, {});
  for (const Priority priority :
       {Priority::audit, Priority::lookup, Priority::payment, Priority::checkout}) {
    crowd.start(pace, 40, priority);
  }
  crowd.finish();
  CHECK(crowd.made() == 160);
  const auto last = [&crowd](Priority priority) {
    Duration at{0};
    for (const Call& call : crowd.calls) {
      if (call.priority == priority) at = std::max(at, call.at);
    }
    return at;
  };
  // 40 need two seconds, and what the others have in any case is a fourth and two more.
  CHECK(last(Priority::checkout) < std::chrono::milliseconds(3500));
  CHECK(last(Priority::payment) < last(Priority::lookup));
  CHECK(last(Priority::lookup) < last(Priority::audit));
}

TEST_CASE("whoever is last has a small share in any case") {
  Crowd crowd;
  StripePace pace(*crowd.store.pace, crowd.run.clock, {});
  crowd.start(pace, 200, Priority::checkout);
  for (const Priority priority : {Priority::payment, Priority::lookup, Priority::audit}) {
    crowd.start(pace, 5, priority, std::chrono::seconds(20));
  }
  crowd.finish();
  CHECK(crowd.made() == 215);
}

boost::asio::awaitable<void> flood(Crowd& crowd, StripePace& pace, Duration length) {
  while (crowd.run.clock.steady() < length) {
    crowd.start(pace, 1, Priority::checkout, stripe::patience_of(Priority::checkout));
    co_await crowd.run.clock.sleep(std::chrono::milliseconds(25));
  }
}
boost::asio::awaitable<void> repeat(Crowd& crowd, StripePace& pace, Duration length) {
  while (crowd.run.clock.steady() < length) {
    ++crowd.started;
    co_await crowd.call(pace, Priority::payment, stripe::patience_of(Priority::payment));
  }
}

TEST_CASE("twice as many checkouts as fit leave those who have paid a fourth of the calls") {
  constexpr Duration length = std::chrono::seconds(40);
  Crowd crowd;
  StripePace pace(*crowd.store.pace, crowd.run.clock, {});
  boost::asio::co_spawn(crowd.run.io, flood(crowd, pace, length), boost::asio::detached);
  for (int i = 0; i < 50; ++i) {
    boost::asio::co_spawn(crowd.run.io, repeat(crowd, pace, length), boost::asio::detached);
  }
  crowd.run.io.poll();
  crowd.finish();
  const auto made = [&crowd](Priority priority) {
    return std::ranges::count_if(crowd.calls, [priority](const Call& call) {
      return call.made && call.priority == priority;
    });
  };
  CHECK(made(Priority::payment) > 150);
  CHECK(made(Priority::checkout) > 500);
  CHECK(crowd.most_in_a_second() <= 25);
}

TEST_CASE("who has no turn within his patience is told so at once, and takes nobody's place") {
  Crowd crowd;
  StripePace pace(*crowd.store.pace, crowd.run.clock, {});
  crowd.start(pace, 200, Priority::checkout, std::chrono::seconds(2));
  crowd.finish();
  CHECK(crowd.made() >= 40);
  CHECK(crowd.made() <= 46);
  for (const Call& call : crowd.calls) CHECK((call.made || call.at == Duration(0)));
  crowd.start(pace, 1, Priority::checkout);
  crowd.finish();
  CHECK(crowd.calls.back().made);
}

TEST_CASE("a 429 that one process was told slows down all of them") {
  Crowd crowd;
  StripePace told(*crowd.store.pace, crowd.run.clock, {});
  StripePace other(*crowd.store.pace, crowd.run.clock, {});
  boost::asio::co_spawn(crowd.run.io, told.limited("test"), boost::asio::detached);
  crowd.run.io.poll();
  crowd.start(other, 30, Priority::checkout);
  crowd.finish();
  CHECK(std::ranges::min(crowd.calls, {}, &Call::at).at >= std::chrono::seconds(1));
  CHECK(crowd.most_in_a_second() <= 12);
}

TEST_CASE("without Redis each process keeps the pace by itself") {
  Crowd crowd;
  Redis nobody(crowd.run.io.get_executor(), crowd.run.clock, {});
  RedisStore away(nobody, {});
  StripePace pace(*away.pace, crowd.run.clock, {});
  crowd.start(pace, 100, Priority::checkout);
  crowd.finish();
  CHECK(crowd.made() == 100);
  CHECK(crowd.most_in_a_second() <= 25);
}

TEST_CASE("the smallest pace is one call a second") {
  Crowd crowd;
  StripePace pace(*crowd.store.pace, crowd.run.clock, {.calls_per_second = 1});
  crowd.start(pace, 4, Priority::checkout);
  crowd.start(pace, 2, Priority::audit);
  crowd.finish();
  CHECK(crowd.made() == 6);
  CHECK(crowd.most_in_a_second() <= 2);
}

}  // namespace
}  // namespace claimcheck
