// The outbox, against both stores: a message is put once, taken by one, tried until it is taken or
// given up, and remembered for long enough.
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <set>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

constexpr Duration lease = std::chrono::seconds(60);
constexpr auto webhook = Channel::webhook;
constexpr auto mail = Channel::mail;

OutboxMessage message(const std::string& id, Channel channel = webhook) {
  OutboxMessage one;
  one.id = id;
  one.channel = channel;
  one.session = "cs_test_" + id;
  one.news = "delivered";
  return one;
}

template <typename Subject>
void put(Subject& subject, const std::string& id, Channel channel = webhook) {
  good(subject.run(subject.store.outbox->put_message(message(id, channel))));
}

template <typename Subject>
std::vector<TakenMessage> take(Subject& subject, Channel channel = webhook, std::size_t limit = 10,
                               Duration hidden = lease) {
  return good(subject.run(subject.store.outbox->take_messages(channel, limit, hidden)));
}

template <typename Subject>
TakenMessage take_one(Subject& subject, Duration hidden = lease) {
  std::vector<TakenMessage> taken = take(subject, webhook, 10, hidden);
  REQUIRE(taken.size() == 1);
  return taken.front();
}

template <typename Subject>
bool settle(Subject& subject, const TakenMessage& taken, AttemptResult end) {
  return good(subject.run(subject.store.outbox->settle_message(taken, end)));
}

template <typename Subject>
std::vector<OutboxMessage> listed(Subject& subject, MessageState state, std::size_t limit = 10) {
  return good(subject.run(subject.store.outbox->messages(state, limit)));
}

AttemptResult end_as(MessageState state, std::int64_t status = 0, Duration delay = Duration(0)) {
  return {.state = state, .status = status, .delay = delay};
}

template <typename Subject>
void give_up(Subject& subject, const std::string& id) {
  put(subject, id);
  AttemptResult end = end_as(MessageState::dead, 500);
  end.why = "no";
  CHECK(settle(subject, take_one(subject), end));
}

StoreLimits keeping(OutboxLimits outbox) {
  StoreLimits limits;
  limits.outbox = outbox;
  return limits;
}

}  // namespace

TEST_CASE_TEMPLATE("store: a message that was put is taken once, by its way", S, BOTH) {
  S subject;
  put(subject, "a");
  CHECK(take(subject, mail).empty());
  const TakenMessage taken = take_one(subject);
  CHECK(taken.message.id == "a");
  CHECK(taken.message.channel == webhook);
  CHECK(taken.message.session == "cs_test_a");
  CHECK(taken.message.news == "delivered");
  CHECK(taken.message.attempts == 0);
  CHECK(taken.message.first_us > 1'700'000'000'000'000);
  CHECK(take(subject).empty());
}

TEST_CASE_TEMPLATE("store: of many messages no more are taken than asked for, oldest first", S,
                   BOTH) {
  S subject;
  for (const char* id : {"a", "b", "c"}) put(subject, id);
  put(subject, "m", mail);
  CHECK(take(subject, webhook, 2).size() == 2);
  CHECK(take(subject, webhook, 2).size() == 1);
  CHECK(take(subject, mail, 2).size() == 1);
}

TEST_CASE_TEMPLATE("store: putting a message again is nothing, waiting, taken, done or dead", S,
                   BOTH) {
  S subject;
  put(subject, "a");
  put(subject, "a");
  const TakenMessage taken = take_one(subject);
  put(subject, "a");
  CHECK(take(subject).empty());
  CHECK(settle(subject, taken, end_as(MessageState::done, 204)));
  put(subject, "a");
  CHECK(take(subject).empty());
  CHECK(listed(subject, MessageState::waiting).empty());
  give_up(subject, "b");
  put(subject, "b");
  CHECK(take(subject).empty());
  CHECK(listed(subject, MessageState::dead).size() == 1);
}

TEST_CASE_TEMPLATE("store: an attempt that failed is counted, and comes back when it is due", S,
                   BOTH) {
  S subject;
  put(subject, "a");
  const TakenMessage first = take_one(subject);
  CHECK(settle(subject, first, end_as(MessageState::waiting, 500)));
  const TakenMessage second = take_one(subject);
  CHECK(second.message.attempts == 1);
  CHECK(second.message.last_status == 500);
  CHECK(second.message.last_us >= first.message.first_us);
  CHECK(second.message.first_us == first.message.first_us);
  CHECK(settle(subject, second, end_as(MessageState::waiting, 0, std::chrono::hours(1))));
  CHECK(take(subject).empty());
  const std::vector<OutboxMessage> waiting = listed(subject, MessageState::waiting);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].attempts == 2);
}

TEST_CASE_TEMPLATE("store: whose lease ran out may only tell that it was taken", S, BOTH) {
  S subject;
  put(subject, "a");
  const TakenMessage slow = take_one(subject, Duration(0));
  const TakenMessage other = take_one(subject);
  CHECK_FALSE(settle(subject, slow, end_as(MessageState::waiting, 500)));
  CHECK_FALSE(settle(subject, slow, end_as(MessageState::dead, 500)));
  CHECK(settle(subject, slow, end_as(MessageState::done, 200)));
  CHECK_FALSE(settle(subject, other, end_as(MessageState::done, 200)));
  CHECK(take(subject).empty());
  CHECK(listed(subject, MessageState::waiting).empty());
}

TEST_CASE_TEMPLATE("store: the dead are listed, newest first, and can be tried again", S, BOTH) {
  S subject;
  for (const char* id : {"a", "b"}) give_up(subject, id);
  const std::vector<OutboxMessage> dead = listed(subject, MessageState::dead);
  REQUIRE(dead.size() == 2);
  CHECK(dead[0].state == MessageState::dead);
  CHECK(dead[0].attempts == 1);
  CHECK(dead[0].last_status == 500);
  CHECK(dead[0].last_why == "no");
  CHECK(good(subject.run(subject.store.outbox->dead_messages())) == 2);
  CHECK(listed(subject, MessageState::dead, 1).size() == 1);
  CHECK(take(subject).empty());

  CHECK(good(subject.run(subject.store.outbox->retry_message("a"))) == 1);
  CHECK(good(subject.run(subject.store.outbox->retry_message("a"))) == 0);
  CHECK(good(subject.run(subject.store.outbox->retry_message("nobody"))) == 0);
  CHECK(listed(subject, MessageState::dead).size() == 1);
  const TakenMessage again = take_one(subject);
  CHECK(again.message.id == "a");
  CHECK(again.message.attempts == 0);
}

TEST_CASE("store: the dead are bounded, and forgotten in the end") {
  RedisSubject subject(keeping({.dead_kept = 2}));
  for (const char* id : {"a", "b", "c"}) give_up(subject, id);
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:dead"}) == 2);
  CHECK(subject.raw({"ZSCORE", "claimcheck:{p00}:dead", "webhook:a"}).null());
  MemorySubject memory;
  give_up(memory, "a");
  memory.clock().advance(std::chrono::days(31));
  CHECK(listed(memory, MessageState::dead).empty());
}

TEST_CASE("store: every record of a message has a life") {
  RedisSubject subject;
  const auto life_s = [&](const char* id) {
    return subject.raw_integer({"TTL", fmt::format("claimcheck:{{p00}}:message:webhook:{}", id)});
  };
  put(subject, "a");
  CHECK(life_s("a") > 86'400 * 29);
  settle(subject, take_one(subject), end_as(MessageState::done, 200));
  CHECK(life_s("a") > 86'000);
  CHECK(life_s("a") <= 86'400);
  give_up(subject, "b");
  CHECK(life_s("b") > 86'400 * 29);
}

TEST_CASE("store: a message whose record is gone is dropped, before or after it was taken") {
  RedisSubject subject;
  for (const char* id : {"a", "b"}) put(subject, id);
  subject.raw({"DEL", "claimcheck:{p00}:message:webhook:a"});
  const TakenMessage other = take_one(subject);
  CHECK(other.message.id == "b");
  CHECK(subject.raw({"ZSCORE", "claimcheck:{p00}:outbox:webhook", "a"}).null());
  subject.raw({"DEL", "claimcheck:{p00}:message:webhook:b"});
  CHECK_FALSE(settle(subject, other, end_as(MessageState::waiting, 500)));
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) == 0);
}

TEST_CASE("store: a message that cannot be read keeps no other from being taken or listed") {
  RedisSubject subject;
  for (const char* id : {"a", "b", "c"}) put(subject, id);
  subject.raw({"HSET", "claimcheck:{p00}:message:webhook:a", "state", "of a newer release"});
  subject.raw({"SET", "claimcheck:{p00}:message:webhook:b", "no hash"});
  CHECK(listed(subject, MessageState::waiting).size() == 1);
  CHECK(take_one(subject).message.id == "c");
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) == 3);  // not ours to end
  subject.raw({"ZADD", "claimcheck:{p00}:dead", "1", "pigeon:x"});
  CHECK(listed(subject, MessageState::dead).empty());
}

TEST_CASE("store: messages are spread over partitions and found in all of them") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 20; ++i) put(subject, fmt::format("msg_{}", i));
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) < 20);
  CHECK(listed(subject, MessageState::waiting, 100).size() == 20);
  const std::vector<TakenMessage> all = take(subject, webhook, 100);
  CHECK(all.size() == 20);
  for (const TakenMessage& one : all) settle(subject, one, end_as(MessageState::dead, 410));
  CHECK(listed(subject, MessageState::dead, 100).size() == 20);
  CHECK(good(subject.run(subject.store.outbox->retry_message("msg_7"))) == 1);
}

TEST_CASE("store: no partition's messages wait for those of another; of all the first are listed") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 40; ++i) put(subject, fmt::format("msg_{}", i));
  const std::vector<OutboxMessage> first = listed(subject, MessageState::waiting, 3);
  REQUIRE(first.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(first[i].id == fmt::format("msg_{}", i));
  std::set<int> partitions;
  for (int i = 0; i < 4; ++i) {
    const std::vector<TakenMessage> one = take(subject, webhook, 1);
    REQUIRE(one.size() == 1);
    partitions.insert(keys::partition_of(one[0].message.id, 4));
  }
  CHECK(partitions.size() == 4);
}

TEST_CASE(
    "store: messages that were taken are dispatched, though another partition cannot be read") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 40; ++i) put(subject, fmt::format("msg_{}", i));
  subject.raw({"SET", keys::outbox(3, "webhook"), "no zset"});
  const std::size_t taken = take(subject, webhook, 100).size();
  CHECK(taken > 0);
  CHECK(taken < 40);
}

TEST_CASE("store: of many takers each message has one") {
  RedisSubject subject;
  for (int i = 0; i < 30; ++i) put(subject, fmt::format("msg_{}", i));
  std::vector<Async<std::vector<TakenMessage>>> at_once;
  for (int i = 0; i < 8; ++i)
    at_once.push_back(subject.store.outbox->take_messages(webhook, 10, lease));
  std::size_t taken = 0;
  for (const auto& some : subject.run_all(std::move(at_once))) taken += good(some).size();
  CHECK(taken == 30);
}

}  // namespace claimcheck::test
