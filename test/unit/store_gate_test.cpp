// The gate of the checkout, against both stores: what one client may open, and the pause.
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

constexpr Duration minute = std::chrono::minutes(1);
const std::string client = "192.0.2.1";

// Two checkouts at once, then one in an hour; and a megabyte of them.
GateAsk one_checkout(std::int64_t bytes = 1) {
  return {.client = client,
          .checkout = {.cost = 60 * minute, .burst = 120 * minute},
          .bytes = {.cost = Duration(bytes * 1000), .burst = Duration(1'000'000'000)}};
}

template <typename Subject>
GateAnswer ask(Subject& subject, GateAsk asked = one_checkout()) {
  return good(subject.run(subject.store.gate->ask_gate(std::move(asked))));
}

template <typename Subject>
DeclineCounted decline(Subject& subject, const std::string& event, Duration ago = Duration(0)) {
  const Time happened = subject.clock().now() - ago;
  return good(subject.run(subject.store.gate->count_decline(event, happened)));
}

template <typename Subject>
std::optional<CheckoutPause> pause_of(Subject& subject) {
  return good(subject.run(subject.store.gate->checkout_pause()));
}

// As many declines as pause the checkout, but for the last one.
template <typename Subject>
void decline_nearly(Subject& subject) {
  for (std::int64_t i = 1; i < DeclineLimits().declines; ++i) {
    CHECK_FALSE(decline(subject, "evt_" + std::to_string(i)).pauses);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("store: a client opens so many checkouts at once, and then waits", S, BOTH) {
  S subject;
  CHECK(ask(subject).wait == Duration(0));
  CHECK(ask(subject).wait == Duration(0));
  const Duration wait = ask(subject).wait;
  CHECK(wait > 59 * minute);
  CHECK(wait <= 60 * minute);
  GateAsk other = one_checkout();
  other.client = "192.0.2.2";
  CHECK(ask(subject, other).wait == Duration(0));
}

TEST_CASE_TEMPLATE("store: a client that must wait for its bytes spends no checkout", S, BOTH) {
  S subject;
  CHECK(ask(subject, one_checkout(1'000'000)).wait == Duration(0));
  CHECK(ask(subject, one_checkout(900'000)).wait > 10 * minute);
  // Larger than the burst: it waits for a full bucket and no longer.
  CHECK(ask(subject, one_checkout(9'000'000)).wait <= Duration(1'000'000'000));
  CHECK(ask(subject, one_checkout(0)).wait == Duration(0));
  CHECK(ask(subject, one_checkout(0)).wait > 59 * minute);
}

TEST_CASE_TEMPLATE("store: many declined cards pause the checkout, and each counts once", S, BOTH) {
  S subject;
  decline_nearly(subject);
  CHECK(decline(subject, "evt_1").declines == DeclineLimits().declines - 1);
  CHECK(decline(subject, "evt_old", DeclineLimits().window).declines ==
        DeclineLimits().declines - 1);
  CHECK_FALSE(pause_of(subject));
  CHECK(ask(subject).wait == Duration(0));
  CHECK(decline(subject, "evt_last").pauses);
  const auto pause = pause_of(subject);
  REQUIRE(pause);
  CHECK(pause->automatic());
  CHECK(pause->until - pause->since == DeclineLimits().quiet);
  // A further one is no new pause: while there are so many, it makes this one longer.
  CHECK_FALSE(decline(subject, "evt_more").pauses);
  CHECK(pause_of(subject)->since == pause->since);
  CHECK(pause_of(subject)->until >= pause->until);
}

TEST_CASE_TEMPLATE("store: while the checkout is paused nobody's tokens are taken", S, BOTH) {
  S subject;
  good(subject.run(subject.store.gate->pause_checkout("anna")));
  for (int i = 0; i < 5; ++i) {
    const GateAnswer answer = ask(subject);
    CHECK(answer.wait == Duration(0));
    REQUIRE(answer.pause);
    CHECK(answer.pause->by == "anna");
    CHECK(answer.pause->until == Time());
  }
  CHECK(good(subject.run(subject.store.gate->resume_checkout())));
  CHECK_FALSE(ask(subject).pause);
  CHECK(ask(subject).wait == Duration(0));
  CHECK_FALSE(good(subject.run(subject.store.gate->resume_checkout())));
}

TEST_CASE_TEMPLATE("store: a person's pause stays, whatever cards are declined", S, BOTH) {
  S subject;
  decline_nearly(subject);
  CHECK(decline(subject, "evt_last").pauses);
  CHECK(good(subject.run(subject.store.gate->pause_checkout("anna"))));
  CHECK_FALSE(good(subject.run(subject.store.gate->pause_checkout("bob"))));
  CHECK_FALSE(decline(subject, "evt_more").pauses);
  REQUIRE(pause_of(subject));
  CHECK(pause_of(subject)->by == "anna");
  CHECK(pause_of(subject)->until == Time());
}

TEST_CASE_TEMPLATE("store: after a person has resumed, declines count anew", S, BOTH) {
  S subject;
  decline_nearly(subject);
  CHECK(decline(subject, "evt_last").pauses);
  CHECK(good(subject.run(subject.store.gate->resume_checkout())));
  CHECK_FALSE(pause_of(subject));
  CHECK(decline(subject, "evt_again").declines == 1);
  CHECK_FALSE(pause_of(subject));
}

TEST_CASE("store: in memory an automatic pause ends, though single cards are declined in it") {
  MemorySubject subject;
  decline_nearly(subject);
  decline(subject, "evt_last");
  pass(subject, DeclineLimits().quiet - minute);
  decline(subject, "evt_late");
  CHECK(pause_of(subject));
  pass(subject, minute);
  CHECK_FALSE(pause_of(subject));
}

TEST_CASE("store: in Redis an automatic pause has an end, and nothing of the gate stays") {
  RedisSubject subject;
  ask(subject);
  CHECK(subject.raw_integer({"PTTL", keys::checkout_client(client)}) > 0);
  decline_nearly(subject);
  decline(subject, "evt_last");
  const std::int64_t quiet_ms = DeclineLimits().quiet / std::chrono::milliseconds(1);
  const std::int64_t left_ms = subject.raw_integer({"PTTL", keys::checkout_pause()});
  CHECK(left_ms > quiet_ms - 60'000);
  CHECK(left_ms <= quiet_ms);
  CHECK(subject.raw_integer({"PTTL", keys::checkout_declines()}) > 0);
  good(subject.run(subject.store.gate->pause_checkout("anna")));
  CHECK(subject.raw_integer({"PTTL", keys::checkout_pause()}) == -1);
}

TEST_CASE("store: in Redis a clock that is put back keeps nobody from the checkout") {
  RedisSubject subject;
  subject.raw({"HSET", keys::checkout_client(client), "checkouts_us", "99999999999999999",
               "bytes_us", "99999999999999999"});
  CHECK(ask(subject).wait == Duration(0));
}

}  // namespace claimcheck::test
