// The places at a generator with limits and the line for them, against both stores.
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

const Time paid = from_unix_s(1'700'000'000);
constexpr GeneratorCapacity one_at_once{.concurrency = 1};

std::string session(int number) { return fmt::format("cs_test_{}", number); }

StoreLimits with_line(GeneratorPlaceLimits places) {
  StoreLimits limits;
  limits.places = places;
  return limits;
}

template <typename Subject>
struct Line {
  Subject& subject;
  GeneratorCapacity capacity = one_at_once;

  WaitingUnit unit(int number, const std::string& tool = "a", int index = 0) const {
    return {.generator = "g",
            .unit = fmt::format("{}/{}", session(number), index),
            .paid = paid + std::chrono::seconds(number),
            .tool = tool,
            .capacity = capacity};
  }
  SubmitLeave ask(const WaitingUnit& unit, SubmitAsk how = SubmitAsk::submitting) {
    return good(subject.run(subject.store.generator->ask_generator(unit, how)));
  }
  std::vector<std::string> leave(const WaitingUnit& unit) {
    return good(subject.run(subject.store.places->leave_line(unit)));
  }
  void keep(const WaitingUnit& unit) { good(subject.run(subject.store.places->keep_place(unit))); }
  LineState state(const WaitingUnit& unit) {
    return good(subject.run(subject.store.places->line_state(unit)));
  }
  LineState state() { return state({.generator = "g", .unit = {}, .paid = {}}); }
};

bool may_go(const SubmitLeave& leave) { return leave.wait == Duration(0); }

}  // namespace

TEST_CASE_TEMPLATE("store: a generator has no more jobs at once than its limit", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject, .capacity = {.concurrency = 2}};
  CHECK(may_go(line.ask(line.unit(1))));
  CHECK(may_go(line.ask(line.unit(1))));  // it has its place, also after a crash
  CHECK(may_go(line.ask(line.unit(2), SubmitAsk::looking)));
  CHECK(may_go(line.ask(line.unit(2))));
  const SubmitLeave third = line.ask(line.unit(3));
  CHECK(third.wait == GeneratorPlaceLimits().ask_first);
  CHECK(third.queued);
  CHECK(third.away_for == Duration(0));
  CHECK(line.state().running == 2);
  CHECK(line.state().waiting == 1);
  CHECK(line.leave(line.unit(1)) == std::vector{session(3)});
  CHECK(line.leave(line.unit(1)).empty());  // it was told once
  CHECK(may_go(line.ask(line.unit(3))));
  CHECK(line.state().waiting == 0);
}

TEST_CASE_TEMPLATE("store: without limits nothing is counted", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject, .capacity = {}};
  for (int i = 0; i < 5; ++i) CHECK(may_go(line.ask(line.unit(i))));
  CHECK(line.state().running == 0);
}

TEST_CASE_TEMPLATE("store: who paid first is first, whoever asks", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(0))));
  for (const int number : {12, 3, 7, 10, 2}) CHECK_FALSE(may_go(line.ask(line.unit(number))));
  CHECK(line.state(line.unit(7)).place == 3);
  CHECK(line.leave(line.unit(0)) == std::vector{session(2)});
  CHECK_FALSE(may_go(line.ask(line.unit(3))));
  CHECK(may_go(line.ask(line.unit(1))));  // paid before all others
  CHECK(line.leave(line.unit(1)).empty());
  CHECK(may_go(line.ask(line.unit(2))));
}

TEST_CASE_TEMPLATE("store: videos of one order go in their order", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(0))));
  for (const int index : {10, 9, 2}) CHECK_FALSE(may_go(line.ask(line.unit(1, "a", index))));
  CHECK(line.state(line.unit(1, "a", 2)).place == 1);
  CHECK(line.state(line.unit(1, "a", 9)).place == 2);
  CHECK(line.state(line.unit(1, "a", 10)).place == 3);
}

TEST_CASE_TEMPLATE("store: tools take turns, however many orders one of them has", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(0, "a"))));
  for (int i = 1; i <= 50; ++i) CHECK_FALSE(may_go(line.ask(line.unit(i, "a"))));
  for (int i = 101; i <= 103; ++i) CHECK_FALSE(may_go(line.ask(line.unit(i, "a-b"))));
  // The last served tool is behind the other one, so its second order is fourth.
  CHECK(line.state(line.unit(101, "a-b")).place == 1);
  CHECK(line.state(line.unit(1, "a")).place == 2);
  CHECK(line.state(line.unit(102, "a-b")).place == 3);
  CHECK(line.state(line.unit(50, "a")).place == 53);
  std::vector<std::string> served;
  WaitingUnit last = line.unit(0, "a");
  for (int i = 0; i < 5; ++i) {
    const std::vector<std::string> next = line.leave(last);
    REQUIRE(next.size() == 1);
    served.push_back(next.front());
    const int number = std::stoi(next.front().substr(session(0).size() - 1));
    last = line.unit(number, number > 100 ? "a-b" : "a");
    pass(subject, std::chrono::milliseconds(1));
    CHECK(may_go(line.ask(last)));
  }
  CHECK(served == std::vector{session(101), session(1), session(102), session(2), session(103)});
}

TEST_CASE_TEMPLATE("store: places of a process that died come back", S, BOTH) {
  const Duration life = std::chrono::milliseconds(20);
  S subject(with_line({.place_life = life}));
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(1))));
  pass(subject, life);
  CHECK(line.state().running == 0);
  CHECK(may_go(line.ask(line.unit(2))));
}

TEST_CASE_TEMPLATE("store: a job that goes on keeps its place, also one that was lost", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(2))));
  line.keep(line.unit(2));
  line.keep(line.unit(1));
  CHECK(line.state().running == 2);
  CHECK(line.leave(line.unit(2)).empty());
  CHECK_FALSE(may_go(line.ask(line.unit(3))));
}

TEST_CASE("store: who was woken and does not ask lets the next one go") {
  const GeneratorPlaceLimits limits;
  MemorySubject subject(with_line(limits));
  Line<MemorySubject> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(1))));
  for (const int number : {2, 3}) CHECK_FALSE(may_go(line.ask(line.unit(number))));
  CHECK(line.leave(line.unit(1)) == std::vector{session(2)});
  CHECK_FALSE(may_go(line.ask(line.unit(3))));
  pass(subject, limits.grace);
  CHECK(may_go(line.ask(line.unit(3))));
  // It has lost nothing but that turn.
  CHECK_FALSE(may_go(line.ask(line.unit(4))));
  CHECK_FALSE(may_go(line.ask(line.unit(2))));
  CHECK(line.state(line.unit(2)).place == 1);
}

TEST_CASE_TEMPLATE("store: who is late is out of the line until it asks again", S, BOTH) {
  const Duration grace = std::chrono::milliseconds(10);
  S subject(with_line({.ask_first = grace, .ask_step = Duration(0), .grace = grace}));
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(1))));
  CHECK_FALSE(may_go(line.ask(line.unit(2))));
  pass(subject, 2 * grace);
  line.leave(line.unit(1));
  CHECK(may_go(line.ask(line.unit(3))));
}

TEST_CASE_TEMPLATE("store: who asks while a place is free and others are first wakes them", S,
                   BOTH) {
  S subject;
  Line<S> line{.subject = subject, .capacity = {.concurrency = 3}};
  for (int i = 0; i < 3; ++i) CHECK(may_go(line.ask(line.unit(i))));
  for (int i = 3; i < 6; ++i) CHECK_FALSE(may_go(line.ask(line.unit(i))));
  // As if the processes died that were to wake the next ones.
  line.capacity.concurrency = 0;
  CHECK(line.leave(line.unit(0)).empty());
  CHECK(line.leave(line.unit(1)).empty());
  line.capacity.concurrency = 3;
  const SubmitLeave leave = line.ask(line.unit(6));
  CHECK_FALSE(may_go(leave));
  CHECK(leave.wake == std::vector{session(3), session(4)});
  CHECK(line.ask(line.unit(6)).wake.empty());
}

TEST_CASE_TEMPLATE("store: submits keep their distance, and each knows its time", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject, .capacity = {.submits_per_minute = 2}};
  CHECK(may_go(line.ask(line.unit(0))));
  for (int i = 1; i <= 3; ++i) {
    const SubmitLeave leave = line.ask(line.unit(i));
    CHECK(leave.queued);
    CHECK(leave.wait > (i - 1) * std::chrono::seconds(30) + std::chrono::seconds(25));
    CHECK(leave.wait <= i * std::chrono::seconds(30));
  }
  const LineState third = line.state(line.unit(3));
  CHECK(third.place == 3);
  REQUIRE(third.about.has_value());
  CHECK(*third.about > std::chrono::seconds(80));
  CHECK(*third.about <= std::chrono::seconds(90));
}

TEST_CASE_TEMPLATE("store: the time until a turn follows the last ones", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(0))));
  for (int i = 1; i <= 4; ++i) CHECK_FALSE(may_go(line.ask(line.unit(i))));
  CHECK_FALSE(line.state(line.unit(4)).about.has_value());  // nobody knows yet
  const Duration gap = std::chrono::milliseconds(50);
  for (int i = 0; i < 2; ++i) {
    pass(subject, gap);
    line.leave(line.unit(i));
    CHECK(may_go(line.ask(line.unit(i + 1))));
  }
  const LineState last = line.state(line.unit(4));
  CHECK(last.place == 2);
  REQUIRE(last.about.has_value());
  CHECK(*last.about >= gap);
}

TEST_CASE_TEMPLATE("store: while the breaker is open the line is no reason to wait", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  good(subject.run(subject.store.generator->generator_refused("g", {.reason = "no credit"})));
  const SubmitLeave leave = line.ask(line.unit(1));
  CHECK_FALSE(may_go(leave));
  CHECK_FALSE(leave.queued);
}

TEST_CASE_TEMPLATE("store: a refused submit gives its place to the next one", S, BOTH) {
  S subject;
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(1))));
  CHECK_FALSE(may_go(line.ask(line.unit(2))));
  CHECK(line.leave(line.unit(1)) == std::vector{session(2)});
  CHECK_FALSE(may_go(line.ask(line.unit(3))));
  CHECK(may_go(line.ask(line.unit(1))));  // it paid first, and asks again
}

// While nothing moves, each of 10,000 orders asks so seldom that all of them together ask a few
// times a second. The last ones ask every ten minutes.
TEST_CASE_TEMPLATE("store: ten thousand waiting orders keep their order and ask seldom", S, BOTH) {
  S subject(with_line({.grace = std::chrono::hours(1)}));  // a slow machine lets none lapse
  Line<S> line{.subject = subject};
  CHECK(may_go(line.ask(line.unit(0))));
  constexpr int orders = 10'000;
  double asks_per_second = 0;
  for (int i = 1; i <= orders; ++i) {
    const SubmitLeave leave = line.ask(line.unit(i));
    REQUIRE(leave.queued);
    REQUIRE(leave.wake.empty());
    asks_per_second += 1 / std::chrono::duration<double>(leave.wait).count();
  }
  CHECK(asks_per_second < 20);
  CHECK(line.state().waiting == orders);
  for (const int number : {1, 2, 500, orders}) {
    CHECK(line.state(line.unit(number)).place == number);
  }
  for (int i = 0; i < 20; ++i) {
    line.leave(line.unit(i));
    CHECK_FALSE(may_go(line.ask(line.unit(i + 2))));
    CHECK(may_go(line.ask(line.unit(i + 1))));
  }
  CHECK(line.state(line.unit(orders)).place == orders - 20);
}

TEST_CASE("store: the member of a line names its session") {
  const WaitingUnit unit{
      .generator = "g", .unit = "cs_test_a/7", .paid = from_us(12'345), .tool = "my-tool"};
  CHECK(line_member(unit) == "my-tool 0000000000012345 cs_test_a/07");
  CHECK(session_in_line(line_member(unit)) == "cs_test_a");
}

}  // namespace claimcheck::test
