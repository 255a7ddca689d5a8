// The outbox, against both stores: a letter is put once, taken by one, tried until it is taken or
// given up, and remembered for long enough.
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <set>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

constexpr Duration lease = std::chrono::seconds(60);
constexpr auto webhook = LetterWay::webhook;
constexpr auto mail = LetterWay::mail;

Letter letter(const std::string& id, LetterWay way = webhook) {
  Letter one;
  one.id = id;
  one.way = way;
  one.session = "cs_test_" + id;
  one.news = "delivered";
  return one;
}

template <typename Subject>
void put(Subject& subject, const std::string& id, LetterWay way = webhook) {
  good(subject.run(subject.store.outbox->put_letter(letter(id, way))));
}

template <typename Subject>
std::vector<TakenLetter> take(Subject& subject, LetterWay way = webhook, std::size_t limit = 10,
                              Duration hidden = lease) {
  return good(subject.run(subject.store.outbox->take_letters(way, limit, hidden)));
}

template <typename Subject>
TakenLetter take_one(Subject& subject, Duration hidden = lease) {
  std::vector<TakenLetter> taken = take(subject, webhook, 10, hidden);
  REQUIRE(taken.size() == 1);
  return taken.front();
}

template <typename Subject>
bool settle(Subject& subject, const TakenLetter& taken, LetterEnd end) {
  return good(subject.run(subject.store.outbox->settle_letter(taken, end)));
}

template <typename Subject>
std::vector<Letter> listed(Subject& subject, LetterState state, std::size_t limit = 10) {
  return good(subject.run(subject.store.outbox->letters(state, limit)));
}

LetterEnd end_as(LetterState state, std::int64_t status = 0, Duration delay = Duration(0)) {
  return {.state = state, .status = status, .delay = delay};
}

template <typename Subject>
void give_up(Subject& subject, const std::string& id) {
  put(subject, id);
  LetterEnd end = end_as(LetterState::dead, 500);
  end.why = "no";
  CHECK(settle(subject, take_one(subject), end));
}

StoreLimits keeping(OutboxLimits outbox) {
  StoreLimits limits;
  limits.outbox = outbox;
  return limits;
}

}  // namespace

TEST_CASE_TEMPLATE("store: a letter that was put is taken once, by its way", S, BOTH) {
  S subject;
  put(subject, "a");
  CHECK(take(subject, mail).empty());
  const TakenLetter taken = take_one(subject);
  CHECK(taken.letter.id == "a");
  CHECK(taken.letter.way == webhook);
  CHECK(taken.letter.session == "cs_test_a");
  CHECK(taken.letter.news == "delivered");
  CHECK(taken.letter.attempts == 0);
  CHECK(taken.letter.first_us > 1'700'000'000'000'000);
  CHECK(take(subject).empty());
}

TEST_CASE_TEMPLATE("store: of many letters no more are taken than asked for, oldest first", S,
                   BOTH) {
  S subject;
  for (const char* id : {"a", "b", "c"}) put(subject, id);
  put(subject, "m", mail);
  CHECK(take(subject, webhook, 2).size() == 2);
  CHECK(take(subject, webhook, 2).size() == 1);
  CHECK(take(subject, mail, 2).size() == 1);
}

TEST_CASE_TEMPLATE("store: putting a letter again is nothing, waiting, taken, done or dead", S,
                   BOTH) {
  S subject;
  put(subject, "a");
  put(subject, "a");
  const TakenLetter taken = take_one(subject);
  put(subject, "a");
  CHECK(take(subject).empty());
  CHECK(settle(subject, taken, end_as(LetterState::done, 204)));
  put(subject, "a");
  CHECK(take(subject).empty());
  CHECK(listed(subject, LetterState::waiting).empty());
  give_up(subject, "b");
  put(subject, "b");
  CHECK(take(subject).empty());
  CHECK(listed(subject, LetterState::dead).size() == 1);
}

TEST_CASE_TEMPLATE("store: an attempt that failed is counted, and comes back when it is due", S,
                   BOTH) {
  S subject;
  put(subject, "a");
  const TakenLetter first = take_one(subject);
  CHECK(settle(subject, first, end_as(LetterState::waiting, 500)));
  const TakenLetter second = take_one(subject);
  CHECK(second.letter.attempts == 1);
  CHECK(second.letter.last_status == 500);
  CHECK(second.letter.last_us >= first.letter.first_us);
  CHECK(second.letter.first_us == first.letter.first_us);
  CHECK(settle(subject, second, end_as(LetterState::waiting, 0, std::chrono::hours(1))));
  CHECK(take(subject).empty());
  const std::vector<Letter> waiting = listed(subject, LetterState::waiting);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].attempts == 2);
}

TEST_CASE_TEMPLATE("store: whose lease ran out may only tell that it was taken", S, BOTH) {
  S subject;
  put(subject, "a");
  const TakenLetter slow = take_one(subject, Duration(0));
  const TakenLetter other = take_one(subject);
  CHECK_FALSE(settle(subject, slow, end_as(LetterState::waiting, 500)));
  CHECK_FALSE(settle(subject, slow, end_as(LetterState::dead, 500)));
  CHECK(settle(subject, slow, end_as(LetterState::done, 200)));
  CHECK_FALSE(settle(subject, other, end_as(LetterState::done, 200)));
  CHECK(take(subject).empty());
  CHECK(listed(subject, LetterState::waiting).empty());
}

TEST_CASE_TEMPLATE("store: the dead are listed, newest first, and can be tried again", S, BOTH) {
  S subject;
  for (const char* id : {"a", "b"}) give_up(subject, id);
  const std::vector<Letter> dead = listed(subject, LetterState::dead);
  REQUIRE(dead.size() == 2);
  CHECK(dead[0].state == LetterState::dead);
  CHECK(dead[0].attempts == 1);
  CHECK(dead[0].last_status == 500);
  CHECK(dead[0].last_why == "no");
  CHECK(listed(subject, LetterState::dead, 1).size() == 1);
  CHECK(take(subject).empty());

  CHECK(good(subject.run(subject.store.outbox->retry_letter("a"))) == 1);
  CHECK(good(subject.run(subject.store.outbox->retry_letter("a"))) == 0);
  CHECK(good(subject.run(subject.store.outbox->retry_letter("nobody"))) == 0);
  CHECK(listed(subject, LetterState::dead).size() == 1);
  const TakenLetter again = take_one(subject);
  CHECK(again.letter.id == "a");
  CHECK(again.letter.attempts == 0);
}

TEST_CASE("store: the dead are bounded, and forgotten in the end") {
  RedisSubject subject(keeping({.dead_kept = 2}));
  for (const char* id : {"a", "b", "c"}) give_up(subject, id);
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:dead"}) == 2);
  CHECK(subject.raw({"ZSCORE", "claimcheck:{p00}:dead", "webhook:a"}).null());
  MemorySubject memory;
  give_up(memory, "a");
  memory.clock().advance(std::chrono::days(31));
  CHECK(listed(memory, LetterState::dead).empty());
}

TEST_CASE("store: every record of a letter has a life") {
  RedisSubject subject;
  const auto life_s = [&](const char* id) {
    return subject.raw_integer({"TTL", fmt::format("claimcheck:{{p00}}:letter:webhook:{}", id)});
  };
  put(subject, "a");
  CHECK(life_s("a") > 86'400 * 29);
  settle(subject, take_one(subject), end_as(LetterState::done, 200));
  CHECK(life_s("a") > 86'000);
  CHECK(life_s("a") <= 86'400);
  give_up(subject, "b");
  CHECK(life_s("b") > 86'400 * 29);
}

TEST_CASE("store: a letter whose record is gone is dropped, before or after it was taken") {
  RedisSubject subject;
  for (const char* id : {"a", "b"}) put(subject, id);
  subject.raw({"DEL", "claimcheck:{p00}:letter:webhook:a"});
  const TakenLetter other = take_one(subject);
  CHECK(other.letter.id == "b");
  CHECK(subject.raw({"ZSCORE", "claimcheck:{p00}:outbox:webhook", "a"}).null());
  subject.raw({"DEL", "claimcheck:{p00}:letter:webhook:b"});
  CHECK_FALSE(settle(subject, other, end_as(LetterState::waiting, 500)));
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) == 0);
}

TEST_CASE("store: a letter that cannot be read keeps no other from being taken or listed") {
  RedisSubject subject;
  for (const char* id : {"a", "b", "c"}) put(subject, id);
  subject.raw({"HSET", "claimcheck:{p00}:letter:webhook:a", "state", "of a newer release"});
  subject.raw({"SET", "claimcheck:{p00}:letter:webhook:b", "no hash"});
  CHECK(listed(subject, LetterState::waiting).size() == 1);
  CHECK(take_one(subject).letter.id == "c");
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) == 3);  // not ours to end
  subject.raw({"ZADD", "claimcheck:{p00}:dead", "1", "pigeon:x"});
  CHECK(listed(subject, LetterState::dead).empty());
}

TEST_CASE("store: letters are spread over partitions and found in all of them") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 20; ++i) put(subject, fmt::format("msg_{}", i));
  CHECK(subject.raw_integer({"ZCARD", "claimcheck:{p00}:outbox:webhook"}) < 20);
  CHECK(listed(subject, LetterState::waiting, 100).size() == 20);
  const std::vector<TakenLetter> all = take(subject, webhook, 100);
  CHECK(all.size() == 20);
  for (const TakenLetter& one : all) settle(subject, one, end_as(LetterState::dead, 410));
  CHECK(listed(subject, LetterState::dead, 100).size() == 20);
  CHECK(good(subject.run(subject.store.outbox->retry_letter("msg_7"))) == 1);
}

TEST_CASE("store: no partition's letters wait for those of another; of all the first are listed") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 40; ++i) put(subject, fmt::format("msg_{}", i));
  const std::vector<Letter> first = listed(subject, LetterState::waiting, 3);
  REQUIRE(first.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(first[i].id == fmt::format("msg_{}", i));
  std::set<int> partitions;
  for (int i = 0; i < 4; ++i) {
    const std::vector<TakenLetter> one = take(subject, webhook, 1);
    REQUIRE(one.size() == 1);
    partitions.insert(keys::partition_of(one[0].letter.id, 4));
  }
  CHECK(partitions.size() == 4);
}

TEST_CASE("store: letters that were taken are carried, though another partition cannot be read") {
  RedisSubject subject({}, 4);
  for (int i = 0; i < 40; ++i) put(subject, fmt::format("msg_{}", i));
  subject.raw({"SET", keys::outbox(3, "webhook"), "no zset"});
  const std::size_t taken = take(subject, webhook, 100).size();
  CHECK(taken > 0);
  CHECK(taken < 40);
}

TEST_CASE("store: of many takers each letter has one") {
  RedisSubject subject;
  for (int i = 0; i < 30; ++i) put(subject, fmt::format("msg_{}", i));
  std::vector<Async<std::vector<TakenLetter>>> at_once;
  for (int i = 0; i < 8; ++i)
    at_once.push_back(subject.store.outbox->take_letters(webhook, 10, lease));
  std::size_t taken = 0;
  for (const auto& some : subject.run_all(std::move(at_once))) taken += good(some).size();
  CHECK(taken == 30);
}

}  // namespace claimcheck::test
