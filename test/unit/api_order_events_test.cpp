// OrderEvents on the memory store: what a follower is sent, and when.
#include "api/order_events.hpp"
#include "store/sessions.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

const std::string id = "cs_test_followed";

// Heartbeats come at once, so nothing here waits: what is no news is a heartbeat.
struct EventsWorld : test::OrderWorld {
  Visits visits{context};
  StatusCache shown{run.io.get_executor(), *store.sessions, {}};
  OrderEvents events;

  explicit EventsWorld(OrderEventsLimits limits = {.heartbeat = Duration(0)})
      : events(run.io.get_executor(), shown, visits, limits) {
    SessionData session;
    session.createdAt = to_iso(run.clock.now());
    write(session);
    events.told(true);
  }

  template <typename T>
  T wait(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(run.io, std::move(work),
                          [&](std::exception_ptr, T value) { result = std::move(value); });
    while (!result) {
      run.io.restart();
      run.io.run_one();
    }
    run.io.poll();  // what it started
    return std::move(*result);
  }

  void write(SessionData session) {
    REQUIRE(wait(store_session(*store.sessions, run.clock, id, std::move(session))).has_value());
  }
  void write_title(const std::string& title) {
    SessionData session = wait(get_session(*store.sessions, id)).value();
    session.toolTitle = title;
    write(std::move(session));
  }
  HttpResponse follow(const std::string& last_event_id = "") {
    auto stream = wait(events.follow(id, last_event_id));
    REQUIRE(stream.has_value());
    return std::move(*stream);
  }
  // The next piece; empty = it is over.
  std::string next(const HttpResponse& stream) {
    const auto piece = wait(stream.stream());
    return piece ? *piece : "";
  }
  void tell() {
    events.changed(id);
    run.io.restart();
    run.io.poll();
  }
};

bool has_title(const std::string& piece, const std::string& title) {
  return piece.starts_with("id: ") && piece.ends_with("}\n\n") &&
         piece.find("\"toolTitle\":\"" + title + "\"") != std::string::npos;
}

const std::string heartbeat = ":\n\n";

TEST_CASE("events: the present status, then each that differs, then heartbeats") {
  EventsWorld world;
  const HttpResponse stream = world.follow();
  CHECK(stream.body == "retry: 2000\n\n");
  CHECK(has_title(world.next(stream), ""));
  CHECK(world.next(stream) == heartbeat);
  world.write_title("A");
  world.tell();
  CHECK(has_title(world.next(stream), "A"));
  world.tell();  // for a write that changed nothing
  CHECK(world.next(stream) == heartbeat);
}

TEST_CASE("events: whoever reads slowly gets the last, not all") {
  EventsWorld world;
  const HttpResponse slow = world.follow();
  const HttpResponse fast = world.follow();
  world.next(fast);
  for (const char* title : {"A", "B", "C"}) {
    world.write_title(title);
    world.tell();
    CHECK(has_title(world.next(fast), title));
  }
  CHECK(has_title(world.next(slow), "C"));
  CHECK(world.next(slow) == heartbeat);
}

TEST_CASE("events: what was seen last is not sent again") {
  EventsWorld world;
  const std::string first = world.next(world.follow());
  const std::string last_id = first.substr(4, first.find('\n') - 4);
  const HttpResponse again = world.follow(last_id);
  CHECK(world.next(again) == heartbeat);
  world.write_title("A");
  CHECK(has_title(world.next(world.follow(last_id)), "A"));
  CHECK(has_title(world.next(again), "A"));  // the other one's look has told it as well
}

TEST_CASE("events: without word from Redis each heartbeat looks, with it none does") {
  EventsWorld world;
  const HttpResponse stream = world.follow();
  world.next(stream);
  world.write_title("A");
  for (int i = 0; i < 3; ++i) CHECK(world.next(stream) == heartbeat);
  world.events.told(true);  // a new connection: what came before it was not told
  world.run.io.restart();
  world.run.io.poll();
  CHECK(has_title(world.next(stream), "A"));
  world.events.told(false);
  world.write_title("B");
  CHECK(world.next(stream) == heartbeat);
  CHECK(has_title(world.next(stream), "B"));
}

TEST_CASE("events: without word from Redis an order is read at once, until it is over") {
  EventsWorld world(
      {.heartbeat = std::chrono::hours(1), .unannounced_wait = std::chrono::milliseconds(1)});
  world.events.told(false);
  const HttpResponse stream = world.follow();
  world.next(stream);
  world.write_title("A");
  CHECK(has_title(world.next(stream), "A"));
  world.write_title("B");
  CHECK(has_title(world.next(stream), "B"));
}

TEST_CASE("events: without word from Redis so many orders are read at once, then the others") {
  EventsWorld world({.heartbeat = std::chrono::hours(1),
                     .unannounced_wait = std::chrono::milliseconds(1),
                     .unannounced_reads = 1});
  world.events.told(false);
  const HttpResponse stream = world.follow();
  world.next(stream);
  std::vector<HttpResponse> others;
  for (const char* other : {"cs_test_1", "cs_test_2", "cs_test_3"}) {
    REQUIRE(world.wait(store_session(*world.store.sessions, world.run.clock, other, {})));
    others.push_back(world.wait(world.events.follow(other, "")).value());
  }
  world.write_title("A");
  CHECK(has_title(world.next(stream), "A"));
}

TEST_CASE("events: a follower of an unpaid order has its payment looked at") {
  EventsWorld world;
  const HttpResponse stream = world.follow();
  world.next(stream);
  CHECK(world.next(stream) == heartbeat);
  CHECK(world.wait(world.store.queue->waiting()).value() == 0);
  world.run.clock.advance(std::chrono::seconds(6));
  CHECK(world.next(stream) == heartbeat);
  CHECK(world.wait(world.store.queue->waiting()).value() == 1);
}

TEST_CASE("events: nothing to follow, a session that vanished, and a stop") {
  EventsWorld world;
  const auto unknown = world.wait(world.events.follow("cs_test_unknown", ""));
  REQUIRE(!unknown.has_value());
  CHECK(unknown.error().code == Errc::not_found);
  world.events.changed("cs_test_unknown");

  const HttpResponse stream = world.follow();
  world.next(stream);
  world.run.clock.advance(session_ttl_default + std::chrono::seconds(1));
  world.tell();
  CHECK(world.next(stream) == heartbeat);
  world.events.stop();
  CHECK(world.next(stream).empty());
}

}  // namespace
}  // namespace claimcheck
