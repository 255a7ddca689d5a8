// The breaker in front of the generator, against both stores.
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

const Time paid = from_unix_s(1'700'000'000);

std::string unit(int number) { return fmt::format("cs_test_{}/0", number); }

StoreLimits with_breaker(GeneratorBreakerLimits generator) {
  StoreLimits limits;
  limits.generator = generator;
  return limits;
}

// So long that no test sees it end.
StoreLimits that_stays() {
  return with_breaker({.pause_min = std::chrono::minutes(1), .pause_max = std::chrono::hours(1)});
}

template <typename Subject>
SubmitLeave ask(Subject& subject, int number, SubmitAsk ask = SubmitAsk::submitting) {
  const Time when = paid + std::chrono::seconds(number);
  return good(subject.run(subject.store.generator->ask_generator(
      {.generator = "g", .unit = unit(number), .paid = when}, ask)));
}

template <typename Subject>
GeneratorPause refuse(Subject& subject, bool clear = true, Duration asked = Duration(0)) {
  return good(subject.run(subject.store.generator->generator_refused(
      "g", {.reason = "no credit", .retry_after = asked, .clear = clear})));
}

}  // namespace

TEST_CASE_TEMPLATE("store: a generator that takes orders is asked by everybody", S, BOTH) {
  S subject;
  for (int i = 0; i < 3; ++i) {
    const SubmitLeave leave = ask(subject, i);
    CHECK(leave.wait == Duration(0));
    CHECK_FALSE(leave.report);
  }
  CHECK(good(subject.run(subject.store.generator->generator_outage("g"))).reason == "");
  CHECK(good(subject.run(subject.store.generator->generator_answered("g"))) == Duration(0));
}

TEST_CASE_TEMPLATE("store: D4: one clear refusal stops every order", S, BOTH) {
  S subject(that_stays());
  const GeneratorPause pause = refuse(subject);
  CHECK(pause.begins);
  CHECK(pause.wait == std::chrono::minutes(1));
  CHECK_FALSE(refuse(subject).begins);  // asked before it was known
  for (int i = 0; i < 3; ++i) CHECK(ask(subject, i).wait > std::chrono::seconds(50));
  const GeneratorOutage outage = good(subject.run(subject.store.generator->generator_outage("g")));
  CHECK(outage.reason == "no credit");
  CHECK(outage.since > paid);
  CHECK(outage.waiting == 3);
  CHECK(good(subject.run(subject.store.generator->waiting_for_generator("g", 2))) ==
        std::vector<std::string>{unit(0), unit(1)});
  good(subject.run(subject.store.generator->wait_no_more("g", unit(0))));
  CHECK(good(subject.run(subject.store.generator->generator_outage("g"))).waiting == 2);
}

TEST_CASE_TEMPLATE("store: D4: answers without a word stop all orders from the second on", S,
                   BOTH) {
  S subject(that_stays());
  CHECK_FALSE(refuse(subject, false).begins);
  SubmitLeave leave = ask(subject, 0);
  CHECK(leave.wait == Duration(0));
  CHECK(leave.report);  // or the next miss would count as the second in a row
  good(subject.run(subject.store.generator->generator_answered("g")));
  CHECK_FALSE(refuse(subject, false).begins);
  CHECK(refuse(subject, false).begins);
  CHECK(ask(subject, 0).wait > Duration(0));
}

TEST_CASE_TEMPLATE("store: D4: one order tries, and the pause between tries has a limit", S, BOTH) {
  const Duration pause = std::chrono::milliseconds(2);
  S subject(with_breaker({.pause_min = pause,
                          .pause_max = 4 * pause,
                          .trial = std::chrono::minutes(1),
                          .ask_gap = Duration(1)}));
  CHECK(refuse(subject).wait == pause);
  for (const int factor : {2, 4, 4}) {
    pass(subject, 4 * pause);
    CHECK(ask(subject, 1, SubmitAsk::looking).wait == Duration(0));  // only wants to know
    CHECK(ask(subject, 1).wait == Duration(0));                      // tries
    CHECK(ask(subject, 2).wait > std::chrono::seconds(30));
    CHECK(refuse(subject).wait == factor * pause);
  }
}

TEST_CASE_TEMPLATE("store: D4: who tries and does not come back is replaced", S, BOTH) {
  const Duration pause = std::chrono::milliseconds(2);
  S subject(with_breaker({.pause_min = pause, .trial = pause}));
  refuse(subject);
  for (int i = 0; i < 3; ++i) {
    pass(subject, 2 * pause);
    CHECK(ask(subject, i).wait == Duration(0));
  }
}

TEST_CASE_TEMPLATE("store: D4: a pause that the generator asks for is kept, within a limit", S,
                   BOTH) {
  S subject;
  CHECK(refuse(subject, true, std::chrono::seconds(40)).wait == std::chrono::seconds(40));
  S other;
  CHECK(refuse(other, true, std::chrono::hours(24)).wait == GeneratorBreakerLimits().asked_max);
}

TEST_CASE_TEMPLATE("store: D4: what waited goes out in the order of payment, ever faster", S,
                   BOTH) {
  S subject(with_breaker({.pause_min = std::chrono::milliseconds(1),
                          .growth = std::chrono::hours(1),
                          .growth_end = std::chrono::hours(5)}));
  refuse(subject);
  for (int i = 9; i >= 0; --i) CHECK(ask(subject, i, SubmitAsk::looking).wait >= Duration(0));
  CHECK(good(subject.run(subject.store.generator->generator_outage("g"))).waiting == 10);
  CHECK(good(subject.run(subject.store.generator->generator_answered("g"))) > Duration(0));
  CHECK(good(subject.run(subject.store.generator->generator_outage("g"))).reason == "");
  // The second goes out after an hour, the eighth after three.
  CHECK(ask(subject, 1).wait > std::chrono::minutes(55));
  CHECK(ask(subject, 7).wait > std::chrono::minutes(175));
  CHECK(ask(subject, 7).wait <= std::chrono::minutes(180));
  CHECK(ask(subject, 0).wait == Duration(0));
  CHECK(ask(subject, 1).wait > std::chrono::minutes(55));
}

TEST_CASE_TEMPLATE("store: D4: after a while there is no limit any more", S, BOTH) {
  S subject(with_breaker({.pause_min = std::chrono::milliseconds(1),
                          .growth = std::chrono::milliseconds(1),
                          .growth_end = std::chrono::milliseconds(5)}));
  refuse(subject);
  ask(subject, 0, SubmitAsk::looking);
  good(subject.run(subject.store.generator->generator_answered("g")));
  pass(subject, std::chrono::milliseconds(6));
  for (int i = 0; i < 100; ++i) CHECK(ask(subject, i).wait == Duration(0));
  CHECK(good(subject.run(subject.store.generator->waiting_for_generator("g", 10))).empty());
}

TEST_CASE_TEMPLATE("store: failures may cost so many generations a day", S, BOTH) {
  S subject(with_breaker({.again_per_day = 2}));
  const auto allow = [&subject](std::string generation) {
    return good(subject.run(subject.store.generator->allow_again(std::move(generation))));
  };
  CHECK(allow("cs_test_a/0/1"));
  CHECK(allow("cs_test_a/1/1"));
  CHECK_FALSE(allow("cs_test_b/0/1"));
  CHECK(allow("cs_test_a/0/1"));  // asked again after a crash
}

TEST_CASE("store: the day of such generations ends") {
  MemorySubject subject(with_breaker({.again_per_day = 1}));
  CHECK(good(subject.run(subject.store.generator->allow_again("cs_test_a/0/1"))));
  CHECK_FALSE(good(subject.run(subject.store.generator->allow_again("cs_test_b/0/1"))));
  subject.clock().advance(std::chrono::days(1));
  CHECK(good(subject.run(subject.store.generator->allow_again("cs_test_b/0/1"))));
}

}  // namespace claimcheck::test
