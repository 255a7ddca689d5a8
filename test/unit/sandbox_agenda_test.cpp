#include "sandbox/agenda.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace claimcheck;
using namespace claimcheck::sandbox;

namespace {

struct World {
  boost::asio::io_context context;
  ManualClock real{from_unix_s(1'700'000'000)};
  MovableClock clock{real};
  Tasks tasks{context.get_executor()};
  Agenda agenda{clock, tasks};
  std::string done;

  void note(char what, Duration delay) {
    agenda.after(delay, [this, what] { done += what; });
  }
  // Time goes by as it does for everybody.
  void pass(Duration length) {
    context.poll();
    real.advance(length);
    context.restart();
    context.poll();
  }
};

using std::chrono::seconds;

}  // namespace

TEST_CASE("sandbox agenda: deeds happen when time comes, in its order") {
  World world;
  world.note('b', seconds(20));
  world.note('a', seconds(10));
  world.pass(seconds(9));
  CHECK(world.done.empty());
  world.pass(seconds(1));
  CHECK(world.done == "a");
  world.pass(seconds(60));
  CHECK(world.done == "ab");
}

TEST_CASE("sandbox agenda: putting the clock forward runs at once what became due, and once only") {
  World world;
  world.note('a', seconds(10));
  world.note('b', seconds(100));
  world.clock.advance(seconds(10));
  world.agenda.run_due();
  CHECK(world.done == "a");
  CHECK(world.clock.now() - world.clock.outside_now() == seconds(10));
  world.pass(seconds(10));
  CHECK(world.done == "a");
}

TEST_CASE("sandbox agenda: a deed may plan another that is due already") {
  World world;
  world.agenda.after(seconds(1), [&world] {
    world.done += 'a';
    world.note('b', seconds(0));
  });
  world.clock.advance(seconds(1));
  world.agenda.run_due();
  CHECK(world.done == "ab");
}
