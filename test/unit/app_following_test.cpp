// What Redis tells a process: that another one woke an order and has no place for it. The clock of
// the worker stands still, so it takes the order for this reason only.
#include "app/following.hpp"
#include "support/redis_fixture.hpp"
#include "support/standing_fulfilment.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

constexpr const char* woken = "cs_test_a";

TEST_CASE("following: an order that another process announces is taken at once") {
  RedisFixture server;
  StandingFulfilment works;
  Visits visits(works.world.context);
  StatusCache shown(works.world.run.io.get_executor(), *works.world.store.sessions, {});
  OrderEvents events(works.world.run.io.get_executor(), shown, visits);
  RedisClient follower(following(server.options(), shown, events, works.world.context));
  RedisClient another(server.options());
  REQUIRE(follower.until_ready());
  REQUIRE(another.until_ready());
  RedisStore store(another.redis, {}, 4);
  good(another.run(store.init()));

  works.open(woken);
  works.begin();
  good(works.world.run(works.queue.wake(woken, Announce::yes)));  // in memory: nobody hears it
  works.stand();
  REQUIRE(works.passes() == 0);
  good(another.run(store.queue->wake(woken, Announce::yes)));
  CHECK(follower.until([&] {
    works.stand();
    return works.passes() == 1;
  }));
}

}  // namespace
}  // namespace claimcheck::test
