#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/tasks.hpp"
#include "support/child.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <stdexcept>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct World {
  asio::io_context io;
  ManualClock clock{from_unix_s(0)};
  Tasks tasks{io.get_executor()};
  int ended = 0;

  void run() {
    io.restart();
    io.poll();
  }
};

asio::awaitable<void> rest(World& world, Duration length) {
  co_await world.clock.sleep(length);
  ++world.ended;
}

// As most do: goes on after the sleep, where a cancelled coroutine meets its exception.
asio::awaitable<void> rest_twice(World& world, Duration length) {
  co_await world.clock.sleep(length);
  co_await world.clock.sleep(length);
  ++world.ended;
}

asio::awaitable<void> fall(World& world, Duration length) {
  co_await world.clock.sleep(length);
  throw std::runtime_error("a bug");
}

asio::awaitable<void> wait_drained(World& world, Duration limit, std::optional<bool>& drained) {
  drained = co_await world.tasks.drained(world.clock, limit);
}

TEST_CASE("tasks: they are counted from start to end") {
  World world;
  world.tasks.start(rest(world, seconds(1)));
  world.tasks.start(rest(world, seconds(2)));
  CHECK(world.tasks.running() == 2);
  world.run();
  world.clock.advance(seconds(1));
  world.run();
  CHECK(world.tasks.running() == 1);
  world.clock.advance(seconds(1));
  world.run();
  CHECK(world.tasks.running() == 0);
  CHECK(world.ended == 2);
}

TEST_CASE("tasks: drained waits for the last one, but no longer than it may") {
  World world;
  world.tasks.start(rest(world, seconds(5)));
  std::optional<bool> patient;
  std::optional<bool> impatient;
  asio::co_spawn(world.io, wait_drained(world, seconds(60), patient), asio::detached);
  asio::co_spawn(world.io, wait_drained(world, seconds(1), impatient), asio::detached);
  world.run();
  while (world.clock.next_wake()) {
    world.clock.advance(*world.clock.next_wake() - world.clock.now());
    world.run();
    if (world.clock.now() < from_unix_s(5)) CHECK_FALSE(patient.has_value());
  }
  CHECK(impatient == false);
  CHECK(patient == true);
  CHECK(world.clock.now() < from_unix_s(6));
}

TEST_CASE("tasks: cancel ends those that wait, whatever they wait for next") {
  World world;
  world.tasks.start(rest(world, hours(1)));
  world.tasks.start(rest_twice(world, hours(1)));
  world.run();
  world.tasks.cancel();
  world.run();
  CHECK(world.tasks.running() == 0);
  CHECK(world.ended == 1);
  CHECK_FALSE(world.clock.next_wake().has_value());
  world.tasks.start(rest(world, seconds(1)));  // later ones are not touched
  world.run();
  CHECK(world.tasks.running() == 1);
}

TEST_CASE("tasks: one may end after the Tasks object") {
  asio::io_context io;
  ManualClock clock(from_unix_s(0));
  {
    Tasks tasks(io.get_executor());
    tasks.start(clock.sleep(seconds(1)));
    io.poll();
  }
  clock.advance(seconds(1));
  io.restart();
  io.poll();
}

TEST_CASE("tasks: an exception is a bug; it is named and ends the process") {
  for (const bool cancelled : {false, true}) {
    const test::ChildEnd end = test::run_in_child([cancelled] {
      World world;
      world.tasks.start(fall(world, seconds(cancelled ? 1 : 0)));
      world.run();
      world.tasks.cancel();
      world.run();
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.said.find(R"("event":"task_failed","why":"a bug")") != std::string::npos);
  }
}

TEST_CASE("assert: a broken invariant names itself and its place, and ends the process") {
  const test::ChildEnd end = test::run_in_child([] {
    const int units = 3;
    ENSURE(units == 3);
    ENSURE(units == 4);
  });
  CHECK(end.signal == SIGABRT);
  CHECK(end.said.find("ENSURE(units == 4) failed") != std::string::npos);
  CHECK(end.said.find("base_tasks_test.cpp:") != std::string::npos);
}

TEST_CASE("error: it passes on to another type, and every code has its word") {
  const Result<int> failed = fail(Errc::not_sent, "no connection");
  const Result<std::string> passed = fail(failed);
  REQUIRE_FALSE(passed.has_value());
  CHECK(passed.error().code == Errc::not_sent);
  CHECK(passed.error().message == "no connection");
  CHECK(std::string(to_string(Errc::ambiguous)) == "ambiguous");
  CHECK(std::string(to_string(Errc::limited)) == "limited");
}

}  // namespace
}  // namespace claimcheck
