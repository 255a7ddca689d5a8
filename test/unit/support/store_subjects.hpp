// The two stores under one contract: what a test needs to drive either of them.
//   MemorySubject  MemoryStore on a clock that the test moves
//   RedisSubject   RedisStore on a private Redis server
#pragma once

#include "store/memory/store.hpp"
#include "store/redis/store.hpp"
#include "support/redis_fixture.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace claimcheck::test {

class MemorySubject {
 public:
  explicit MemorySubject(StoreLimits limits = {}) : store(runner_.clock, limits) {}

  template <typename T>
  T run(boost::asio::awaitable<T> task) {
    return runner_(std::move(task));
  }
  template <typename T>
  std::vector<T> run_all(std::vector<boost::asio::awaitable<T>> tasks) {
    std::vector<T> results;
    for (auto& task : tasks) results.push_back(runner_(std::move(task)));
    return results;
  }
  ManualClock& clock() { return runner_.clock; }

 private:
  Runner runner_;

 public:
  MemoryStore store;
};

class RedisSubject {
 public:
  explicit RedisSubject(StoreLimits limits = {}, int partitions = 1)
      : client_(server_.options()), store(client_.redis, limits, partitions) {
    REQUIRE(client_.until_ready());
    REQUIRE(run(store.init()).has_value());
  }

  template <typename T>
  T run(boost::asio::awaitable<T> task) {
    return client_.run(std::move(task));
  }
  // All at once.
  template <typename T>
  std::vector<T> run_all(std::vector<boost::asio::awaitable<T>> tasks) {
    std::vector<std::shared_ptr<std::optional<T>>> started;
    for (auto& task : tasks) started.push_back(client_.start(std::move(task)));
    std::vector<T> results;
    for (auto& result : started) {
      REQUIRE(client_.until([&] { return result->has_value(); }));
      results.push_back(std::move(**result));
    }
    return results;
  }
  RealClock& clock() { return clock_; }

  // A command beside the store, as somebody else would send it.
  RedisReply raw(RedisCommand command) {
    auto reply = run(client_.redis.exec(command));
    REQUIRE_MESSAGE(reply.has_value(), reply.error().message);
    return std::move(*reply);
  }
  std::string raw_text(RedisCommand command) {
    const RedisReply reply = raw(std::move(command));
    REQUIRE(reply.text() != nullptr);
    return *reply.text();
  }
  std::int64_t raw_integer(RedisCommand command) {
    const RedisReply reply = raw(std::move(command));
    REQUIRE(reply.integer() != nullptr);
    return *reply.integer();
  }
  Redis& redis() { return client_.redis; }

 private:
  RedisServer server_;
  RedisClient client_;
  RealClock clock_;

 public:
  RedisStore store;
};

// A result that must be a success.
template <typename T>
T good(Result<T> result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
  return std::move(*result);
}
inline void good(const Result<void>& result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
}

// Lets that time go by, for the one by its clock and for the other by waiting.
inline void pass(MemorySubject& subject, Duration time) { subject.clock().advance(time); }
inline Async<void> let_pass(Clock& clock, Duration time) {
  co_await clock.sleep(time);
  co_return Result<void>();
}
inline void pass(RedisSubject& subject, Duration time) {
  good(subject.run(let_pass(subject.clock(), time)));
}

// The stored session value; what co_spawn is given must be default-constructible.
inline Async<std::string> read_bytes(Store& store, std::string session_id) {
  Result<SessionBytes> stored = co_await store.sessions->read_session(std::move(session_id));
  if (!stored) co_return fail(stored);
  co_return std::move(stored->bytes);
}

inline NewOrder new_order(std::string session_id, std::optional<std::string> session) {
  NewOrder order;
  order.session_id = std::move(session_id);
  order.claim.created_us = 1'790'000'000'000'000;
  order.claim.tool = "veo3-prompt-generator";
  order.claim.amount_minor = 100;
  order.claim.currency = "usd";
  order.claim.units.resize(1);
  order.session = std::move(session);
  order.line = {from_unix_s(1'790'000'000), "", "open", "created"};
  return order;
}

// Its claim, as it was stored.
template <typename Subject>
Claim created(Subject& subject, const std::string& id, std::optional<std::string> session) {
  REQUIRE(good(subject.run(subject.store.orders->create(new_order(id, std::move(session))))));
  return good(subject.run(subject.store.orders->load(id)));
}

// The claim as a pass commits it.
inline Commit next(const std::string& id, const Claim& claim, OrderState state) {
  Commit change;
  change.session_id = id;
  change.claim = claim;
  change.claim.state = state;
  change.lines = {{from_unix_s(1'790'000'100), "open", "paid", "seen paid"}};
  return change;
}

}  // namespace claimcheck::test
