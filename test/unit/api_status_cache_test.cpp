// StatusCache on the memory store: when it reads, what it keeps, and that no answer is older than
// its question.
#include "api/status_cache.hpp"
#include "base/signal.hpp"
#include "store/memory/store.hpp"
#include "store/sessions.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>

namespace claimcheck {
namespace {

// Counts the reads. `during` happens in the middle of each: after Redis has answered, before the
// asker has the answer.
struct CountedValues : SessionValues {
  SessionValues& values;
  std::function<boost::asio::awaitable<void>()> during{};
  std::size_t reads = 0;

  explicit CountedValues(SessionValues& inner) : values(inner) {}

  Async<SessionBytes> read_session(std::string session_id) override {
    ++reads;
    Result<SessionBytes> answer = co_await values.read_session(std::move(session_id));
    if (during) co_await during();
    co_return answer;
  }
  Async<std::vector<std::string>> read_heads(std::vector<std::string> session_ids,
                                             std::size_t bytes_max) override {
    return values.read_heads(std::move(session_ids), bytes_max);
  }
  Async<UpdateResult> write_session(std::string session_id, std::optional<std::string> digest,
                                    std::string bytes) override {
    return values.write_session(std::move(session_id), std::move(digest), std::move(bytes));
  }
};

struct CacheWorld {
  test::Runner run;
  MemoryStore store{run.clock, StoreLimits()};
  CountedValues values{*store.sessions};
  std::function<void()> meanwhile{};  // happens in each catching up
  bool caught_up = true;
  StatusCache cache;

  explicit CacheWorld(StatusCacheLimits limits = {})
      : cache(
            run.io.get_executor(), values,
            [this]() -> boost::asio::awaitable<bool> {
              if (meanwhile) meanwhile();
              co_return caught_up;
            },
            limits) {
    write("cs_test_a", "first");
    cache.told(true);
  }

  void write(const std::string& id, const std::string& title) {
    SessionData session;
    session.toolTitle = title;
    session.createdAt = to_iso(run.clock.now());
    REQUIRE(run(store_session(*store.sessions, run.clock, id, session)).has_value());
  }
  void write_and_tell(const std::string& id, const std::string& title) {
    write(id, title);
    cache.changed(id);
  }
  std::string answer(const std::string& id = "cs_test_a") {
    const auto order = run(cache.order(id));
    return order ? (*order)->answer : order.error().message;
  }
};

TEST_CASE("status cache: an order is read once, and again after each change") {
  CacheWorld world;
  for (int i = 0; i < 3; ++i) CHECK(world.answer().contains("first"));
  CHECK(world.values.reads == 1);
  world.write_and_tell("cs_test_a", "second");
  for (int i = 0; i < 3; ++i) CHECK(world.answer().contains("second"));
  CHECK(world.values.reads == 2);
  world.cache.changed("cs_test_other");
  world.answer();
  CHECK(world.values.reads == 2);
}

TEST_CASE("status cache: without announcements each question reads") {
  CacheWorld world;
  world.answer();
  world.cache.told(false);
  CHECK(world.cache.bytes() == 0);
  for (int i = 0; i < 3; ++i) world.answer();
  CHECK(world.values.reads == 4);
  // What was written between two connections was not announced.
  world.cache.told(true);
  world.answer();
  world.answer();
  CHECK(world.values.reads == 5);
}

TEST_CASE("status cache: what was announced before the answer is in it") {
  CacheWorld world;
  world.answer();
  world.meanwhile = [&] {
    world.meanwhile = {};
    world.write_and_tell("cs_test_a", "second");
  };
  CHECK(world.answer().contains("second"));
  // Nobody can say what was announced, so it reads.
  world.write("cs_test_a", "third");
  world.caught_up = false;
  CHECK(world.answer().contains("third"));
}

TEST_CASE("status cache: an order that changes with each question is answered all the same") {
  CacheWorld world;
  int changes = 0;
  world.meanwhile = [&] { world.write_and_tell("cs_test_a", fmt::format("{}", ++changes)); };
  CHECK(world.answer().contains("first"));
  for (int i = 1; i <= 5; ++i) {
    CHECK(world.answer().contains(fmt::format("\"toolTitle\":\"{}\"", i)));
  }
}

TEST_CASE("status cache: what changed while it was read is not kept") {
  for (const bool connection_lost : {false, true}) {
    CacheWorld world;
    world.values.during = [&]() -> boost::asio::awaitable<void> {
      world.values.during = {};
      SessionData session;
      session.toolTitle = "second";
      co_await store_session(*world.store.sessions, world.run.clock, "cs_test_a", session);
      if (connection_lost) {
        world.cache.told(false);
        world.cache.told(true);
      } else {
        world.cache.changed("cs_test_a");
      }
    };
    CHECK(world.answer().contains("first"));  // as old as its question
    CHECK(world.answer().contains("second"));
    CHECK(world.values.reads == 2);
  }
}

TEST_CASE("status cache: those who miss the same order share one read") {
  CacheWorld world;
  Signal go(world.run.io.get_executor());
  world.values.during = [&]() -> boost::asio::awaitable<void> {
    co_await go.wait(std::chrono::seconds(20));
  };
  std::size_t answered = 0;
  for (int i = 0; i < 10; ++i) {
    boost::asio::co_spawn(world.run.io, world.cache.order("cs_test_a"),
                          [&](std::exception_ptr, const Result<StatusCache::Shown>& order) {
                            CHECK(order.has_value());
                            ++answered;
                          });
  }
  world.run.io.restart();
  world.run.io.poll();
  CHECK(answered == 0);
  go.ring();
  world.run.io.restart();
  world.run.io.poll();
  CHECK(answered == 10);
  CHECK(world.values.reads == 1);
}

TEST_CASE("status cache: no bytes over the limit, the longest unused orders go first") {
  CacheWorld world({.bytes = 10'000, .order_bytes = 4'000});
  for (const char* id : {"cs_test_a", "cs_test_b", "cs_test_c"}) {
    world.write(id, std::string(2'500, 'x'));
    world.answer(id);
    CHECK(world.cache.bytes() <= 10'000);
  }
  world.answer("cs_test_a");
  world.write("cs_test_d", std::string(2'500, 'x'));
  world.answer("cs_test_d");
  CHECK(world.cache.bytes() <= 10'000);
  CHECK(world.values.reads == 4);
  world.answer("cs_test_a");
  world.answer("cs_test_c");
  CHECK(world.values.reads == 4);
  world.answer("cs_test_b");
  CHECK(world.values.reads == 5);
  // One that would take the place of many is not kept.
  world.write("cs_test_e", std::string(5'000, 'x'));
  world.answer("cs_test_e");
  world.answer("cs_test_e");
  CHECK(world.values.reads == 7);
}

TEST_CASE("status cache: an unknown order is an error each time, and not kept") {
  CacheWorld world;
  world.answer("cs_test_none");
  world.answer("cs_test_none");
  CHECK(world.values.reads == 2);
  world.write("cs_test_none", "there");
  CHECK(world.answer("cs_test_none").contains("there"));
}

}  // namespace
}  // namespace claimcheck
