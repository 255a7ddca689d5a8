// What one connection to Redis does next, call by call, without a server.
#include "net/redis/machine.hpp"

#include <doctest/doctest.h>

#include <ostream>

namespace claimcheck {

// Printable, so that a failure names what came instead.
std::ostream& operator<<(std::ostream& out, RedisPhase phase) {
  switch (phase) {
    case RedisPhase::idle: return out << "idle";
    case RedisPhase::connecting: return out << "connecting";
    case RedisPhase::ready: return out << "ready";
    case RedisPhase::closing: return out << "closing";
    case RedisPhase::waiting: return out << "waiting";
    case RedisPhase::stopped: return out << "stopped";
  }
  return out << "?";
}

std::ostream& operator<<(std::ostream& out, RedisNext next) {
  switch (next) {
    case RedisNext::nothing: return out << "nothing";
    case RedisNext::connect: return out << "connect";
    case RedisNext::check: return out << "check";
    case RedisNext::close: return out << "close";
    case RedisNext::wait: return out << "wait";
    case RedisNext::finish: return out << "finish";
  }
  return out << "?";
}

std::ostream& operator<<(std::ostream& out, RedisNews news) {
  switch (news) {
    case RedisNews::none: return out << "none";
    case RedisNews::connected: return out << "connected";
    case RedisNews::disconnected: return out << "disconnected";
  }
  return out << "?";
}

std::ostream& operator<<(std::ostream& out, RedisHappened what) {
  switch (what) {
    case RedisHappened::start: return out << "start";
    case RedisHappened::welcomed: return out << "welcomed";
    case RedisHappened::turned_away: return out << "turned_away";
    case RedisHappened::answered: return out << "answered";
    case RedisHappened::late: return out << "late";
    case RedisHappened::broke: return out << "broke";
    case RedisHappened::demoted: return out << "demoted";
    case RedisHappened::unwanted: return out << "unwanted";
    case RedisHappened::ended: return out << "ended";
    case RedisHappened::waited: return out << "waited";
    case RedisHappened::stop: return out << "stop";
  }
  return out << "?";
}

namespace {

constexpr Duration health_interval = std::chrono::seconds(2);
constexpr auto ms = [](int count) { return Duration(std::chrono::milliseconds(count)); };

// A machine, and the shortest way to tell it something about its present link.
struct Machine : RedisMachine {
  Machine() : RedisMachine(health_interval) {}

  RedisAction tell(RedisHappened what, std::string why = {}) {
    return resume({what, attempt(), std::move(why)});
  }
  void be_connecting() { CHECK(tell(RedisHappened::start).next == RedisNext::connect); }
  void be_ready() {
    be_connecting();
    CHECK(tell(RedisHappened::welcomed).next == RedisNext::check);
  }
};

TEST_CASE("redis machine: from the start to a server that takes us") {
  Machine machine;
  CHECK(machine.phase() == RedisPhase::idle);
  CHECK_FALSE(machine.ready());
  CHECK(machine.tell(RedisHappened::start).next == RedisNext::connect);
  CHECK(machine.phase() == RedisPhase::connecting);
  CHECK_FALSE(machine.ready());  // requests are refused until it is greeted
  CHECK(machine.attempt() == 1);

  const RedisAction taken = machine.tell(RedisHappened::welcomed);
  CHECK(taken.next == RedisNext::check);
  CHECK(taken.wait == health_interval);
  CHECK(taken.news == RedisNews::connected);
  CHECK(taken.loss.empty());
  CHECK(machine.phase() == RedisPhase::ready);
  CHECK(machine.ready());
}

TEST_CASE("redis machine: health checks come one after the other while they are answered") {
  Machine machine;
  machine.be_ready();
  for (int round = 0; round < 3; ++round) {
    const RedisAction answered = machine.tell(RedisHappened::answered);
    CHECK(answered.next == RedisNext::check);
    CHECK(answered.wait == health_interval);
    CHECK(answered.news == RedisNews::none);
  }
  CHECK(machine.ready());
}

TEST_CASE("redis machine: a check that is late costs the link, and requests are refused at once") {
  Machine machine;
  machine.be_ready();
  const RedisAction late = machine.tell(RedisHappened::late, "no answer within 5 ms");
  CHECK(late.next == RedisNext::close);
  CHECK(late.news == RedisNews::none);  // the link is still there
  CHECK(machine.phase() == RedisPhase::closing);
  CHECK_FALSE(machine.ready());

  const RedisAction over = machine.tell(RedisHappened::ended, "Operation canceled");
  CHECK(over.next == RedisNext::wait);
  CHECK(over.news == RedisNews::disconnected);
  CHECK(over.loss == "no answer within 5 ms");  // the cause, not what came of it
  CHECK(machine.phase() == RedisPhase::waiting);
}

TEST_CASE("redis machine: a link that is given up is not taken back") {
  Machine machine;
  machine.be_ready();
  machine.tell(RedisHappened::late, "first");
  // Whatever else comes over it: the first reason stays.
  for (const RedisHappened what :
       {RedisHappened::answered, RedisHappened::broke, RedisHappened::welcomed,
        RedisHappened::turned_away, RedisHappened::demoted}) {
    CAPTURE(what);
    const RedisAction action = machine.tell(what, "later");
    CHECK(action.next == RedisNext::nothing);
    CHECK(action.news == RedisNews::none);
    CHECK(machine.phase() == RedisPhase::closing);
  }
  CHECK(machine.tell(RedisHappened::ended, "cancelled").loss == "first");
}

TEST_CASE("redis machine: a server that turns us away was never connected") {
  Machine machine;
  machine.be_connecting();
  const RedisAction away = machine.tell(RedisHappened::turned_away, "LOADING");
  CHECK(away.next == RedisNext::close);
  CHECK(machine.phase() == RedisPhase::closing);
  const RedisAction over = machine.tell(RedisHappened::ended, "cancelled");
  CHECK(over.next == RedisNext::wait);
  CHECK(over.news == RedisNews::none);
  CHECK(over.loss == "LOADING");
}

TEST_CASE("redis machine: a greeting that is late costs the link") {
  Machine machine;
  machine.be_connecting();
  CHECK(machine.tell(RedisHappened::late, "too slow").next == RedisNext::close);
  CHECK(machine.tell(RedisHappened::ended, "cancelled").loss == "too slow");
}

TEST_CASE("redis machine: what breaks leaves the link to its end, which says why") {
  Machine machine;
  machine.be_connecting();
  CHECK(machine.tell(RedisHappened::broke).next == RedisNext::nothing);
  CHECK(machine.tell(RedisHappened::ended, "Connection refused").loss == "Connection refused");

  machine.tell(RedisHappened::waited);
  machine.tell(RedisHappened::welcomed);
  CHECK(machine.tell(RedisHappened::broke).next == RedisNext::nothing);
  const RedisAction over = machine.tell(RedisHappened::ended, "End of file");
  CHECK(over.news == RedisNews::disconnected);
  CHECK(over.loss == "End of file");
}

TEST_CASE("redis machine: a primary that has become a replica is left") {
  Machine machine;
  machine.be_ready();
  CHECK(machine.tell(RedisHappened::demoted).next == RedisNext::close);
  CHECK_FALSE(machine.ready());
  CHECK(machine.tell(RedisHappened::ended, "cancelled").loss == "it has become a replica");
}

TEST_CASE("redis machine: a link that its user does not want is left, in any phase of it") {
  for (const bool greeted : {false, true}) {
    Machine machine;
    machine.tell(RedisHappened::start);
    if (greeted) machine.tell(RedisHappened::welcomed);
    CHECK(machine.tell(RedisHappened::unwanted, "because").next == RedisNext::close);
    CHECK_FALSE(machine.ready());
    const RedisAction lost = machine.tell(RedisHappened::ended, "gone");
    CHECK(lost.next == RedisNext::wait);
    CHECK(lost.loss == "because");
  }
}

TEST_CASE("redis machine: the wait between attempts doubles up to a limit") {
  Machine machine;
  machine.be_connecting();
  for (const int wait : {50, 100, 200, 400, 800, 1600, 2000, 2000}) {
    const RedisAction over = machine.tell(RedisHappened::ended, "Connection refused");
    CHECK(over.next == RedisNext::wait);
    CHECK(over.wait == ms(wait));
    CHECK(machine.tell(RedisHappened::waited).next == RedisNext::connect);
  }
  CHECK(machine.attempt() == 9);
}

TEST_CASE("redis machine: behind a good connection the wait begins anew") {
  Machine machine;
  machine.be_connecting();
  for (int i = 0; i < 4; ++i) {
    machine.tell(RedisHappened::ended, "Connection refused");
    machine.tell(RedisHappened::waited);
  }
  machine.tell(RedisHappened::welcomed);
  CHECK(machine.tell(RedisHappened::ended, "End of file").wait == ms(50));
  machine.tell(RedisHappened::waited);
  CHECK(machine.tell(RedisHappened::ended, "Connection refused").wait == ms(100));
}

TEST_CASE("redis machine: an outage is said once, and anew when its reason changes") {
  Machine machine;
  machine.be_ready();
  CHECK(machine.last_loss().empty());
  CHECK(machine.tell(RedisHappened::ended, "End of file").loss == "End of file");
  const auto next_end = [&](const std::string& why) {
    CHECK(machine.tell(RedisHappened::waited).next == RedisNext::connect);
    return machine.tell(RedisHappened::ended, why).loss;
  };
  CHECK(next_end("Connection refused") == "Connection refused");
  CHECK(next_end("Connection refused").empty());
  CHECK(machine.last_loss() == "Connection refused");
  CHECK(next_end("End of file") == "End of file");

  // A connection in between makes the same reason news again.
  machine.tell(RedisHappened::waited);
  machine.tell(RedisHappened::welcomed);
  CHECK(machine.last_loss().empty());
  CHECK(machine.tell(RedisHappened::ended, "End of file").loss == "End of file");
}

TEST_CASE("redis machine: a reason of our own is not taken over to the next link") {
  Machine machine;
  machine.be_ready();
  machine.tell(RedisHappened::late, "too slow");
  machine.tell(RedisHappened::ended, "cancelled");
  machine.tell(RedisHappened::waited);
  CHECK(machine.tell(RedisHappened::ended, "Connection refused").loss == "Connection refused");
}

TEST_CASE("redis machine: who follows pushes is told of each connection and its end in turn") {
  Machine machine;
  machine.be_ready();
  CHECK(machine.tell(RedisHappened::ended).news == RedisNews::disconnected);
  machine.tell(RedisHappened::waited);
  CHECK(machine.tell(RedisHappened::ended).news == RedisNews::none);  // was not connected
  machine.tell(RedisHappened::waited);
  CHECK(machine.tell(RedisHappened::welcomed).news == RedisNews::connected);
  machine.tell(RedisHappened::late, "too slow");
  CHECK(machine.tell(RedisHappened::ended).news == RedisNews::disconnected);
}

TEST_CASE("redis machine: what comes of a former link concerns nobody") {
  Machine machine;
  machine.be_ready();
  const std::uint64_t former = machine.attempt();
  machine.tell(RedisHappened::ended, "End of file");
  const auto all = {RedisHappened::welcomed, RedisHappened::turned_away, RedisHappened::answered,
                    RedisHappened::late,     RedisHappened::broke,       RedisHappened::demoted,
                    RedisHappened::ended};
  for (const RedisHappened what : all) {  // its link is over, the next one is not there yet
    CAPTURE(what);
    CHECK(machine.resume({what, former, "late"}).next == RedisNext::nothing);
    CHECK(machine.phase() == RedisPhase::waiting);
  }
  machine.tell(RedisHappened::waited);
  machine.tell(RedisHappened::welcomed);
  for (const RedisHappened what : all) {
    CAPTURE(what);
    const RedisAction action = machine.resume({what, former, "late"});
    CHECK(action.next == RedisNext::nothing);
    CHECK(action.news == RedisNews::none);
    CHECK(machine.ready());
  }
}

TEST_CASE("redis machine: a stop ends it in every phase") {
  Machine machine;
  SUBCASE("before it has begun") {
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::finish);
    CHECK(machine.phase() == RedisPhase::stopped);
    CHECK(machine.tell(RedisHappened::start).next == RedisNext::finish);
  }
  SUBCASE("while it connects") {
    machine.be_connecting();
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::close);
    CHECK(machine.phase() == RedisPhase::closing);
    CHECK(machine.tell(RedisHappened::welcomed).next == RedisNext::nothing);  // too late
    CHECK_FALSE(machine.ready());
    const RedisAction over = machine.tell(RedisHappened::ended, "cancelled");
    CHECK(over.next == RedisNext::finish);
    CHECK(over.news == RedisNews::none);
    CHECK(over.loss.empty());
  }
  SUBCASE("while it is ready: who follows pushes is told, the log is not") {
    machine.be_ready();
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::close);
    CHECK_FALSE(machine.ready());
    const RedisAction over = machine.tell(RedisHappened::ended, "cancelled");
    CHECK(over.next == RedisNext::finish);
    CHECK(over.news == RedisNews::disconnected);
    CHECK(over.loss.empty());
  }
  SUBCASE("while it closes") {
    machine.be_ready();
    machine.tell(RedisHappened::late, "too slow");
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::close);
    CHECK(machine.tell(RedisHappened::ended, "cancelled").next == RedisNext::finish);
  }
  SUBCASE("while it waits") {
    machine.be_connecting();
    machine.tell(RedisHappened::ended, "Connection refused");
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::finish);
    CHECK(machine.phase() == RedisPhase::stopped);
    CHECK(machine.tell(RedisHappened::waited).next == RedisNext::finish);
  }
  SUBCASE("a second time") {
    machine.tell(RedisHappened::stop);
    CHECK(machine.tell(RedisHappened::stop).next == RedisNext::finish);
  }
  machine.tell(RedisHappened::stop);
  CHECK(machine.phase() == RedisPhase::stopped);
}

}  // namespace
}  // namespace claimcheck
