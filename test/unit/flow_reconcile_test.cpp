// Reconcile over a list of Stripe that has several pages: all of it is knocked at, and no more than
// one page is held, however long the list is.
#include "flow/reconcile.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace claimcheck::test {
namespace {

// A page of events, each about a payment that went back.
HttpResponse page(int first, int last, bool more) {
  std::string events;
  for (int i = first; i < last; ++i) {
    events += fmt::format(
        R"({}{{"id":"evt_{}","object":"event","type":"charge.refunded","created":1,"data":)"
        R"({{"object":{{"object":"charge","payment_intent":"pi_{}"}}}}}})",
        i == first ? "" : ",", i, i);
  }
  return {.body = fmt::format(R"({{"data":[{}],"has_more":{}}})", events, more)};
}

bool is_due(OrderWorld& world, int number) {
  return world.run(world.store.queue->due_at(fmt::format("pi:pi_{}", number))).has_value();
}

TEST_CASE("reconcile: every page of the events is knocked at, each asked for behind the last") {
  OrderWorld world;
  Reconcile reconcile(world.context);
  world.http.answers = {page(0, 2, true), page(2, 4, true), page(4, 5, false)};
  CHECK(world.run(reconcile.claims()));
  for (int i = 0; i < 5; ++i) CHECK(is_due(world, i));
  REQUIRE(world.http.calls.size() == 3);
  CHECK_FALSE(world.http.calls[0].url.contains("starting_after"));
  CHECK(world.http.calls[1].url.ends_with("&limit=100&starting_after=evt_1"));
  CHECK(world.http.calls[2].url.ends_with("&limit=100&starting_after=evt_3"));
}

boost::asio::awaitable<void> note_wake(OrderWorld& world, bool& knocked) {
  knocked = (co_await world.store.queue->due_at("pi:pi_1")).has_value();
}

// What a list of all events would hold until its last page is read.
TEST_CASE("reconcile: a page is knocked at before the next one is asked for") {
  OrderWorld world;
  Reconcile reconcile(world.context);
  bool knocked = false;
  world.http.answers = {page(0, 2, true), page(2, 3, false)};
  world.http.meanwhile[2] = [&] { return note_wake(world, knocked); };
  CHECK(world.run(reconcile.claims()));
  CHECK(knocked);
}

TEST_CASE("reconcile: a list that fails behind its first page is not taken for read") {
  OrderWorld world;
  Reconcile reconcile(world.context);
  world.http.answers = {page(0, 2, true)};
  SUBCASE("no answer") {}
  SUBCASE("an answer that is no list") { world.http.answers.emplace_back(HttpResponse()); }
  SUBCASE("a page that leads to itself") { world.http.answers.emplace_back(page(0, 2, true)); }
  CHECK_FALSE(world.run(reconcile.claims()));
  CHECK(is_due(world, 1));  // a wake more does no harm
}

}  // namespace
}  // namespace claimcheck::test
