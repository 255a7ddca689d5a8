// What the operator asks of either store: lists by pages, search words, several claims at once.
#include "store/keys.hpp"
#include "store/search_words.hpp"
#include "support/store_subjects.hpp"

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

const Time start = from_unix_s(1'790'000'000);

std::string id_of(int number) { return fmt::format("cs_test_{:03}", number); }

// Every id of a list, page by page.
template <typename S>
std::vector<std::string> all_of(S& subject, OrderList which, std::size_t limit) {
  std::vector<std::string> ids;
  std::optional<ListedOrder> after;
  for (;;) {
    const auto page = good(subject.run(subject.store.lists->list(which, after, limit)));
    for (const ListedOrder& order : page) ids.push_back(order.session_id);
    if (page.size() < limit) return ids;
    after = page.back();
  }
}

}  // namespace

TEST_CASE_TEMPLATE("store: lists go page by page, also through orders of one moment", S, BOTH) {
  S subject;
  std::vector<std::string> oldest_first;
  for (int i = 0; i < 12; ++i) {
    const Time when = start + std::chrono::seconds(i / 5);  // five of each second
    good(subject.run(subject.store.lists->remember(id_of(i), when)));
    good(subject.run(subject.store.lists->enlist(OrderList::held, id_of(i), when, IfListed::anew)));
    oldest_first.push_back(id_of(i));
  }
  const std::vector<std::string> newest_first(oldest_first.rbegin(), oldest_first.rend());
  for (const std::size_t limit : {1U, 3U, 5U, 12U, 50U}) {
    CAPTURE(limit);
    CHECK(all_of(subject, OrderList::held, limit) == oldest_first);
    CHECK(all_of(subject, OrderList::recent, limit) == newest_first);
  }
}

TEST_CASE("redis store: lists over several partitions are one list") {
  RedisSubject subject({}, 4);
  std::vector<std::string> oldest_first;
  for (int i = 0; i < 12; ++i) {
    good(subject.run(subject.store.lists->enlist(
        OrderList::held, id_of(i), start + std::chrono::seconds(i / 5), IfListed::anew)));
    oldest_first.push_back(id_of(i));
  }
  for (const std::size_t limit : {1U, 5U, 50U}) {
    CHECK(all_of(subject, OrderList::held, limit) == oldest_first);
  }
  CHECK(good(subject.run(subject.store.lists->order_counts())).held == 12);
}

TEST_CASE_TEMPLATE("store: a list reads the beginning of many values in one go", S, BOTH) {
  S subject;
  const auto write = [&subject](const char* id, std::string bytes) {
    good(subject.run(subject.store.sessions->write_session(id, std::nullopt, std::move(bytes))));
  };
  write("cs_test_a", "0123456789");
  write("cs_test_b", "01");
  const auto heads = [&subject](std::vector<std::string> ids, std::size_t most) {
    return good(subject.run(subject.store.sessions->read_heads(std::move(ids), most)));
  };
  CHECK(heads({"cs_test_a", "cs_test_none", "cs_test_b"}, 4) ==
        std::vector<std::string>{"0123", "", "01"});
  CHECK(heads({}, 4).empty());
}

TEST_CASE_TEMPLATE("store: all orders of the list are counted", S, BOTH) {
  S subject;
  for (int i = 0; i < 3; ++i) good(subject.run(subject.store.lists->remember(id_of(i), start)));
  CHECK(good(subject.run(subject.store.lists->order_counts())).recent == 3);
}

TEST_CASE_TEMPLATE("store: what was held anew is not taken off the list", S, BOTH) {
  S subject;
  good(subject.run(
      subject.store.lists->enlist(OrderList::held, "cs_test_a", start, IfListed::keep)));
  CHECK(good(subject.run(subject.store.lists->listed_since(OrderList::held, "cs_test_a"))) ==
        start);
  good(subject.run(subject.store.lists->enlist(OrderList::held, "cs_test_a",
                                               start + std::chrono::hours(1), IfListed::keep)));
  CHECK(good(subject.run(subject.store.lists->listed_since(OrderList::held, "cs_test_a"))) ==
        start);
  good(subject.run(
      subject.store.lists->enlist(OrderList::held, "cs_test_a", start, IfListed::anew)));
  good(subject.run(
      subject.store.lists->unlist(OrderList::held, {.session_id = "cs_test_a", .when = start})));
  const Time since =
      good(subject.run(subject.store.lists->listed_since(OrderList::held, "cs_test_a")));
  CHECK(since == start + Duration(1));
  good(subject.run(
      subject.store.lists->unlist(OrderList::held, {.session_id = "cs_test_a", .when = since})));
  CHECK(subject.run(subject.store.lists->listed_since(OrderList::held, "cs_test_a")).error().code ==
        Errc::not_found);
}

TEST_CASE_TEMPLATE("store: several claims at once, each with its own error", S, BOTH) {
  S subject;
  REQUIRE(good(subject.run(subject.store.orders->create(new_order("cs_test_a", "{}")))));
  const auto claims = good(subject.run(subject.store.orders->load_all({"cs_test_b", "cs_test_a"})));
  REQUIRE(claims.size() == 2);
  CHECK(claims[0].error().code == Errc::not_found);
  CHECK(good(claims[1]).amount_minor == 100);
  CHECK(good(subject.run(subject.store.orders->load_all({}))).empty());
}

TEST_CASE_TEMPLATE("store: how many are due, unpaid and held", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->schedule("cs_test_a", start)));
  good(subject.run(subject.store.queue->schedule("cs_test_b", start)));
  CHECK(good(subject.run(subject.store.queue->due_at("cs_test_a"))) == start);
  CHECK(subject.run(subject.store.queue->due_at("cs_test_c")).error().code == Errc::not_found);
  good(subject.run(subject.store.checkouts->enter(
      {.session_id = "cs_test_a", .due = start, .created = start, .bytes = 7})));
  good(subject.run(
      subject.store.lists->enlist(OrderList::held, "cs_test_c", start, IfListed::anew)));
  OrderCounts counts = good(subject.run(subject.store.lists->order_counts()));
  CHECK(counts.due == 2);
  CHECK(counts.unpaid == 1);
  CHECK(counts.held == 1);
  good(subject.run(subject.store.checkouts->release_unpaid("cs_test_a")));
  counts = good(subject.run(subject.store.lists->order_counts()));
  CHECK(counts.unpaid == 0);
}

TEST_CASE_TEMPLATE("store: a word leads to its newest orders", S, BOTH) {
  S subject({.found_orders = 3});
  const std::string word = email_word("Ada@Example.com");
  CHECK(good(subject.run(subject.store.words->find_word(word))).empty());
  for (int i = 0; i < 5; ++i) {
    good(subject.run(
        subject.store.words->index_word(word, id_of(i), start + std::chrono::seconds(i))));
  }
  const std::vector<std::string> newest = {id_of(4), id_of(3), id_of(2)};
  CHECK(good(subject.run(subject.store.words->find_word(email_word("ada@example.COM")))) == newest);
  CHECK(good(subject.run(subject.store.words->find_word(payment_word("Ada@Example.com")))).empty());
  good(subject.run(subject.store.words->forget_word(word, id_of(3))));
  good(subject.run(subject.store.words->forget_word(word, "cs_test_unknown")));
  CHECK(good(subject.run(subject.store.words->find_word(word))) ==
        std::vector<std::string>{id_of(4), id_of(2)});
}

TEST_CASE("redis store: the index of words holds no address, and ends") {
  RedisSubject subject;
  good(subject.run(
      subject.store.words->index_word(email_word("ada@example.com"), "cs_test_a", start)));
  const RedisReply keys = subject.raw({"KEYS", "claimcheck:find:*"});
  REQUIRE(keys.array()->size() == 1);
  CHECK(keys.array()->front().text()->find("ada") == std::string::npos);
  CHECK(subject.raw_integer({"TTL", *keys.array()->front().text()}) > 0);
}

TEST_CASE_TEMPLATE("store: counts of one bucket add up, in every range", S, BOTH) {
  S subject;
  const Time now = bucket_of(shape_of(StatsRange::month), subject.clock().now());
  good(subject.run(subject.store.counts->add_stats(now, {{"paid", 2}})));
  good(subject.run(subject.store.counts->add_stats(now + std::chrono::seconds(59), {{"paid", 1}})));
  good(subject.run(subject.store.counts->add_stats(now + std::chrono::minutes(4), {{"held", 5}})));
  const Time last = now + std::chrono::minutes(4);
  const auto hour = good(subject.run(subject.store.counts->stats(StatsRange::hour, last, 60)));
  REQUIRE(hour.size() == 2);
  CHECK(hour[0].start == now);
  CHECK(hour[0].values == StatsValues{{"paid", 3}});
  CHECK(hour[1].values == StatsValues{{"held", 5}});
  CHECK(good(subject.run(subject.store.counts->stats(StatsRange::hour, last, 4))).size() == 1);
  for (const StatsRange range : {StatsRange::day, StatsRange::month}) {
    const auto buckets = good(subject.run(subject.store.counts->stats(range, last, 2)));
    REQUIRE(buckets.size() == 1);
    CHECK(buckets[0].values == StatsValues{{"held", 5}, {"paid", 3}});
  }
}

TEST_CASE("redis store: without memory no part of the counts and no word is kept") {
  RedisSubject subject;
  const Time now = subject.clock().now();
  subject.raw({"CONFIG", "SET", "maxmemory", "1"});
  const auto counted = subject.run(subject.store.counts->add_stats(now, {{"paid", 1}}));
  const auto indexed = subject.run(subject.store.words->index_word("a word", "cs_test_a", start));
  subject.raw({"CONFIG", "SET", "maxmemory", "0"});
  CHECK(counted.error().code == Errc::unavailable);
  CHECK(indexed.error().code == Errc::unavailable);
  for (const StatsRange range : {StatsRange::hour, StatsRange::day, StatsRange::month}) {
    CHECK(good(subject.run(subject.store.counts->stats(range, now, 1))).empty());
  }
  CHECK(good(subject.run(subject.store.words->find_word("a word"))).empty());
}

TEST_CASE("redis store: every bucket ends by itself") {
  RedisSubject subject;
  const Time now = subject.clock().now();
  good(subject.run(subject.store.counts->add_stats(now, {{"paid", 1}})));
  for (const StatsShape& shape : stats_shapes) {
    const std::string start_s = fmt::to_string(to_unix_s(bucket_of(shape, now)));
    const std::int64_t life = subject.raw_integer({"TTL", keys::stats(shape.key, start_s)});
    CHECK(std::chrono::seconds(life) <= shape.life);
    CHECK(std::chrono::seconds(life) > shape.buckets * shape.step);
  }
}

TEST_CASE("memory store: a bucket is forgotten after its life") {
  MemorySubject subject;
  const Time now = subject.clock().now();
  good(subject.run(subject.store.counts->add_stats(now, {{"paid", 1}})));
  subject.clock().advance(std::chrono::hours(3));
  CHECK(good(subject.run(subject.store.counts->stats(StatsRange::hour, now, 60))).empty());
  CHECK(good(subject.run(subject.store.counts->stats(StatsRange::day, now, 288))).size() == 1);
}

TEST_CASE_TEMPLATE("store: disputed orders are listed apart, by when an answer is due", S, BOTH) {
  S subject;
  const auto enlist = [&](const char* which, Time due) {
    good(subject.run(subject.store.lists->enlist(OrderList::disputed, which, due, IfListed::anew)));
  };
  enlist("cs_test_late", start + std::chrono::hours(2));
  enlist("cs_test_soon", start + std::chrono::hours(1));
  const auto listed =
      good(subject.run(subject.store.lists->list(OrderList::disputed, std::nullopt, 9)));
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].session_id == "cs_test_soon");
  CHECK(good(subject.run(subject.store.lists->order_counts())).disputed == 2);
  CHECK(good(subject.run(subject.store.lists->order_counts())).held == 0);
  CHECK(good(subject.run(subject.store.lists->list(OrderList::held, std::nullopt, 9))).empty());
  good(subject.run(subject.store.lists->unlist(OrderList::disputed, listed[0])));
  CHECK(good(subject.run(subject.store.lists->order_counts())).disputed == 1);
}

TEST_CASE_TEMPLATE("store: the first look at a delivered order is kept", S, BOTH) {
  S subject;
  CHECK(subject.run(subject.store.orders->opened("cs_test_a")).error().code == Errc::not_found);
  good(subject.run(subject.store.orders->mark_opened("cs_test_a", start)));
  good(subject.run(subject.store.orders->mark_opened("cs_test_a", start + std::chrono::hours(1))));
  CHECK(good(subject.run(subject.store.orders->opened("cs_test_a"))) == start);
}

}  // namespace claimcheck::test
