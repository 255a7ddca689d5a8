// What every Store promises of orders and what lies beside them, against both stores.
#include "base/crypto.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_contract";
constexpr Duration hour = std::chrono::hours(1);

template <typename Subject>
std::string stored_bytes(Subject& subject) {
  return good(subject.run(read_bytes(subject.store, id)));
}

}  // namespace

#define BOTH MemorySubject, RedisSubject

TEST_CASE_TEMPLATE("store: create stores an order once", S, BOTH) {
  S subject;
  NewOrder order = new_order(id, R"({"status":"pending"})");
  CHECK(good(subject.run(subject.store.orders->create(order))));
  Claim expected = order.claim;
  expected.version = 1;
  CHECK(good(subject.run(subject.store.orders->load(id))) == expected);
  CHECK(stored_bytes(subject) == R"({"status":"pending"})");

  order.claim.amount_minor = 999;
  order.session = R"({"status":"error"})";
  CHECK_FALSE(good(subject.run(subject.store.orders->create(order))));
  CHECK(good(subject.run(subject.store.orders->load(id))) == expected);
  CHECK(stored_bytes(subject) == R"({"status":"pending"})");
  CHECK(good(subject.run(subject.store.orders->history(id))).size() == 1);
}

TEST_CASE_TEMPLATE("store: create keeps a session value that is there", S, BOTH) {
  S subject;
  good(subject.run(
      subject.store.sessions->write_session(id, std::nullopt, R"({"status":"completed"})")));
  created(subject, id, R"({"status":"pending"})");
  CHECK(stored_bytes(subject) == R"({"status":"completed"})");
}

TEST_CASE_TEMPLATE("store: create without a session value writes none", S, BOTH) {
  S subject;
  created(subject, id, std::nullopt);
  CHECK(subject.run(read_bytes(subject.store, id)).error().code == Errc::not_found);
}

TEST_CASE_TEMPLATE("store: a claim that is not there is not found", S, BOTH) {
  S subject;
  CHECK(subject.run(subject.store.orders->load(id)).error().code == Errc::not_found);
  CHECK(good(subject.run(subject.store.orders->commit(next(id, Claim(), OrderState::paid)))) ==
        CommitResult::refused);
  CHECK(subject.run(subject.store.orders->load(id)).error().code == Errc::not_found);
  CHECK(good(subject.run(subject.store.orders->history(id))).empty());
}

TEST_CASE_TEMPLATE("store: of two commits on one version the second is refused", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, std::nullopt);
  CHECK(good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::paid)))) ==
        CommitResult::done);
  CHECK(good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::expired)))) ==
        CommitResult::refused);
  const Claim stored = good(subject.run(subject.store.orders->load(id)));
  CHECK(stored.version == 2);
  CHECK(stored.state == OrderState::paid);
  CHECK(good(subject.run(subject.store.orders->history(id))).size() == 2);
}

TEST_CASE_TEMPLATE("store: a stale commit does not touch the view either", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::paid))));
  Commit stale = next(id, claim, OrderState::done);
  stale.view = ViewWrite{sha1_hex(R"({"status":"pending"})"), R"({"status":"completed"})"};
  CHECK(good(subject.run(subject.store.orders->commit(stale))) == CommitResult::refused);
  CHECK(stored_bytes(subject) == R"({"status":"pending"})");
}

TEST_CASE_TEMPLATE("store: a commit writes its view with the claim", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  Commit change = next(id, claim, OrderState::paid);
  change.view = ViewWrite{sha1_hex(R"({"status":"pending"})"), R"({"status":"processing"})"};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK(stored_bytes(subject) == R"({"status":"processing"})");
  CHECK_FALSE(good(subject.run(subject.store.orders->load(id))).view_dirty);
}

TEST_CASE_TEMPLATE("store: a commit builds a view that was absent, as it expected", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, std::nullopt);
  Commit change = next(id, claim, OrderState::paid);
  change.view = ViewWrite{"", R"({"status":"processing"})"};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK(stored_bytes(subject) == R"({"status":"processing"})");
}

TEST_CASE_TEMPLATE("store: a changed session value stays, the claim goes on, dirty", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  good(subject.run(
      subject.store.sessions->write_session(id, std::nullopt, R"({"status":"error"})")));
  Commit change = next(id, claim, OrderState::paid);
  change.view = ViewWrite{sha1_hex(R"({"status":"pending"})"), R"({"status":"processing"})"};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::view_stale);
  CHECK(stored_bytes(subject) == R"({"status":"error"})");
  Claim stored = good(subject.run(subject.store.orders->load(id)));
  CHECK(stored.view_dirty);
  CHECK(stored.version == 2);

  // The next commit says what view_dirty is from now on.
  change = next(id, stored, OrderState::paid);
  change.claim.view_dirty = false;
  change.view = ViewWrite{sha1_hex(R"({"status":"error"})"), R"({"status":"processing"})"};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK_FALSE(good(subject.run(subject.store.orders->load(id))).view_dirty);
}

TEST_CASE_TEMPLATE("store: a guarded commit needs the session value unchanged", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  Commit change = next(id, claim, OrderState::paid);
  change.view = ViewWrite{sha1_hex("something else"), std::nullopt, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::refused);
  change.view = ViewWrite{"", std::nullopt, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::refused);
  CHECK(good(subject.run(subject.store.orders->load(id))) == claim);
  CHECK(good(subject.run(subject.store.orders->history(id))).size() == 1);

  change.view = ViewWrite{sha1_hex(R"({"status":"pending"})"), std::nullopt, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK(stored_bytes(subject) == R"({"status":"pending"})");
}

TEST_CASE_TEMPLATE("store: a guarded write changes claim and session value, or neither", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  Commit change = next(id, claim, OrderState::paid);
  const std::string written = R"({"status":"processing"})";
  change.view = ViewWrite{sha1_hex("something else"), written, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::refused);
  change.view = ViewWrite{"", written, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::refused);
  CHECK(good(subject.run(subject.store.orders->load(id))) == claim);
  CHECK(stored_bytes(subject) == R"({"status":"pending"})");

  change.view = ViewWrite{sha1_hex(R"({"status":"pending"})"), written, true};
  CHECK(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK(good(subject.run(subject.store.orders->load(id))).version == 2);
  CHECK(stored_bytes(subject) == written);
}

TEST_CASE_TEMPLATE("store: the history keeps its first lines too, and all of one commit", S, BOTH) {
  S subject(StoreLimits{.history_lines = 20});
  Claim claim = created(subject, id, std::nullopt);
  for (int i = 0; i < 15; ++i) {
    Commit change = next(id, claim, OrderState::paid);
    for (const char* part : {"a", "b"}) {
      change.lines.push_back({from_us(i), "open", "paid", fmt::format("{}{}", i, part)});
    }
    change.lines.erase(change.lines.begin(), change.lines.end() - 2);
    REQUIRE(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
    ++claim.version;
  }
  const auto lines = good(subject.run(subject.store.orders->history(id)));
  REQUIRE(lines.size() == 20);
  CHECK(lines[0].why == "created");
  CHECK(lines[1].why == "0a");
  CHECK(lines[2].why == "6a");
  CHECK(lines[19].why == "14b");
}

TEST_CASE_TEMPLATE("store: a commit without a line keeps the history as it is", S, BOTH) {
  S subject;
  const Claim claim = created(subject, id, std::nullopt);
  Commit change = next(id, claim, OrderState::paid);
  change.lines.clear();
  REQUIRE(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  CHECK(good(subject.run(subject.store.orders->history(id))).size() == 1);
}

TEST_CASE_TEMPLATE("store: the history keeps the newest lines, with their words", S, BOTH) {
  S subject(StoreLimits{.history_lines = 3});
  Claim claim = created(subject, id, std::nullopt);
  for (int i = 0; i < 4; ++i) {
    Commit change = next(id, claim, OrderState::paid);
    change.lines = {
        {from_us(1'790'000'000'123'000), "open", "paid", fmt::format("\"{}\" и\n\\", i)}};
    REQUIRE(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
    ++claim.version;
  }
  const auto lines = good(subject.run(subject.store.orders->history(id)));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].why == "\"1\" и\n\\");
  CHECK(lines[2].why == "\"3\" и\n\\");
  CHECK(lines[2].when == from_us(1'790'000'000'123'000));
  CHECK(lines[2].from == "open");
  CHECK(lines[2].to == "paid");
}

TEST_CASE_TEMPLATE("store: a claim with everything in it comes back as it was", S, BOTH) {
  S subject;
  NewOrder order = new_order(id, std::nullopt);
  order.claim.units.resize(units_max);
  order.claim.units[units_max - 1].url = "https://example.test/\"ü\"?a=b\r\n";
  order.claim.units[units_max - 1].state = UnitState::running;
  order.claim.units[17].seed = 2147483647;
  order.claim.duration_s = 8.1;
  order.claim.livemode = true;
  order.claim.reason = std::string("a\0b", 3);
  CHECK(good(subject.run(subject.store.orders->create(order))));
  order.claim.version = 1;
  CHECK(good(subject.run(subject.store.orders->load(id))) == order.claim);
}

TEST_CASE_TEMPLATE("store: write_session compares with what is there", S, BOTH) {
  S subject;
  const auto write = [&](std::optional<std::string> digest, const char* bytes) {
    return good(subject.run(subject.store.sessions->write_session(id, std::move(digest), bytes)));
  };
  CHECK(write(sha1_hex("a"), "b") == UpdateResult::missing);
  CHECK(write("", "a") == UpdateResult::done);
  CHECK(write("", "b") == UpdateResult::changed);
  CHECK(write(sha1_hex("other"), "b") == UpdateResult::changed);
  CHECK(stored_bytes(subject) == "a");
  CHECK(write(sha1_hex("a"), "b") == UpdateResult::done);
  CHECK(stored_bytes(subject) == "b");
  CHECK(write(std::nullopt, "") == UpdateResult::done);
  CHECK(stored_bytes(subject).empty());
  CHECK(SessionBytes("").digest == sha1_hex(""));
  CHECK(write("", "c") == UpdateResult::changed);  // empty is not absent
  CHECK(write(sha1_hex(""), "c") == UpdateResult::done);
}

TEST_CASE_TEMPLATE("store: a job belongs to who claimed it first", S, BOTH) {
  S subject;
  CHECK(subject.run(subject.store.jobs->job_owner("j1")).error().code == Errc::not_found);
  CHECK(good(subject.run(subject.store.jobs->own_job("j1", "cs_test_a/0"))) == "cs_test_a/0");
  CHECK(good(subject.run(subject.store.jobs->own_job("j1", "cs_test_b/0"))) == "cs_test_a/0");
  CHECK(good(subject.run(subject.store.jobs->own_job("j1", "cs_test_a/0"))) == "cs_test_a/0");
  CHECK(good(subject.run(subject.store.jobs->job_owner("j1"))) == "cs_test_a/0");
}

TEST_CASE_TEMPLATE("store: the first idempotency record stays until it is replaced", S, BOTH) {
  S subject;
  const IdempotencyRecord first{.body_sha256 = "aa", .attempt = 0, .session_id = ""};
  const IdempotencyRecord other{.body_sha256 = "bb",
                                .success_url = "https://s/{x}",
                                .cancel_url = "https://c",
                                .locale = "pt-BR",
                                .asked_s = 1'790'000'000,
                                .attempt = 3,
                                .session_id = id};
  CHECK(good(subject.run(subject.store.checkouts->idempotency("k", first, IfRecorded::keep))) ==
        first);
  CHECK(good(subject.run(subject.store.checkouts->idempotency("k", other, IfRecorded::keep))) ==
        first);
  CHECK(good(subject.run(subject.store.checkouts->idempotency("k", other, IfRecorded::replace))) ==
        other);
  CHECK(good(subject.run(subject.store.checkouts->idempotency("k", first, IfRecorded::keep))) ==
        other);
}

TEST_CASE_TEMPLATE("store: unpaid bytes add up exactly, however often they are booked", S, BOTH) {
  S subject;
  const auto enter = [&](const char* session, std::int64_t bytes) {
    return good(subject.run(subject.store.checkouts->enter({.session_id = session,
                                                            .due = from_unix_s(4'000'000'000),
                                                            .created = from_unix_s(1),
                                                            .bytes = bytes})));
  };
  const auto release = [&](const char* session) {
    good(subject.run(subject.store.checkouts->release_unpaid(session)));
    return good(subject.run(subject.store.checkouts->unpaid_bytes()));
  };
  CHECK(release("cs_test_c") == 0);
  CHECK(enter("cs_test_a", 100) == 100);
  CHECK(enter("cs_test_b", 11) == 111);
  CHECK(enter("cs_test_a", 100) == 111);
  CHECK(enter("cs_test_a", 40) == 51);
  CHECK(release("cs_test_c") == 51);
  CHECK(release("cs_test_a") == 11);
  CHECK(release("cs_test_a") == 11);
  CHECK(release("cs_test_b") == 0);
}

TEST_CASE_TEMPLATE("store: a new order has all its places at once", S, BOTH) {
  S subject(StoreLimits{.recent_orders = 2});
  const auto enter = [&](const char* session, std::int64_t due_s, std::int64_t created_s) {
    good(subject.run(subject.store.checkouts->enter({.session_id = session,
                                                     .due = from_unix_s(due_s),
                                                     .created = from_unix_s(created_s),
                                                     .bytes = 1})));
  };
  const auto due = [&](const char* session) {
    return good(subject.run(subject.store.queue->due_at(session)));
  };
  enter("cs_test_a", 4'000'000'000, 100);
  CHECK(due("cs_test_a") == from_unix_s(4'000'000'000));
  enter("cs_test_a", 4'000'000'100, 100);  // later: it keeps its time
  CHECK(due("cs_test_a") == from_unix_s(4'000'000'000));
  enter("cs_test_a", 3'900'000'000, 100);
  CHECK(due("cs_test_a") == from_unix_s(3'900'000'000));
  enter("cs_test_b", 4'000'000'000, 101);
  enter("cs_test_c", 4'000'000'000, 102);
  using Ids = std::vector<std::string>;
  CHECK(good(subject.run(subject.store.lists->recent(9))) == Ids{"cs_test_c", "cs_test_b"});
  const OrderCounts counts = good(subject.run(subject.store.lists->order_counts()));
  CHECK(counts.due == 3);
  CHECK(counts.unpaid == 3);
}

TEST_CASE_TEMPLATE("store: recent orders, newest first, a limited number", S, BOTH) {
  S subject(StoreLimits{.recent_orders = 3});
  for (int i = 0; i < 5; ++i) {
    good(subject.run(
        subject.store.lists->remember(fmt::format("cs_test_{}", i), from_unix_s(100 + i))));
  }
  good(subject.run(subject.store.lists->remember("cs_test_old", from_unix_s(1))));
  using Ids = std::vector<std::string>;
  CHECK(good(subject.run(subject.store.lists->recent(2))) == Ids{"cs_test_4", "cs_test_3"});
  CHECK(good(subject.run(subject.store.lists->recent(9))) ==
        Ids{"cs_test_4", "cs_test_3", "cs_test_2"});
  CHECK(good(subject.run(subject.store.lists->recent(0))).empty());
}

TEST_CASE_TEMPLATE("store: is ready", S, BOTH) {
  S subject;
  good(subject.run(subject.store.marks->ready()));
}

// --- lives of values: only the memory store's clock can be moved ---

TEST_CASE("store: values end with their lives") {
  const StoreLimits limits{.session_ttl = hour,
                           .claim_open_ttl = 2 * hour,
                           .claim_paid_ttl = 3 * hour,
                           .job_ttl = hour,
                           .idempotency_ttl = hour};
  MemorySubject subject(limits);
  const Claim claim = created(subject, id, R"({"status":"pending"})");
  good(subject.run(subject.store.jobs->own_job("j", "cs_test_a/0")));
  good(subject.run(
      subject.store.checkouts->idempotency("k", {.body_sha256 = "aa"}, IfRecorded::keep)));

  subject.clock().advance(hour - Duration(1));
  stored_bytes(subject);
  subject.clock().advance(Duration(1));
  CHECK(subject.run(read_bytes(subject.store, id)).error().code == Errc::not_found);
  CHECK(subject.run(subject.store.jobs->job_owner("j")).error().code == Errc::not_found);
  const IdempotencyRecord fresh{.body_sha256 = "bb"};
  CHECK(good(subject.run(subject.store.checkouts->idempotency("k", fresh, IfRecorded::keep))) ==
        fresh);

  // A commit starts the claim's life again; what was paid lives longest.
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::open))));
  subject.clock().advance(2 * hour - Duration(1));
  Commit last = next(id, good(subject.run(subject.store.orders->load(id))), OrderState::done);
  SUBCASE("paid") { last.claim.paid_us = 1; }
  SUBCASE("never paid") { last.claim.state = OrderState::expired; }
  const Duration life = last.claim.paid_us != 0 ? 3 * hour : hour;
  CHECK(good(subject.run(subject.store.orders->commit(last))) == CommitResult::done);
  subject.clock().advance(life - Duration(1));
  CHECK(good(subject.run(subject.store.orders->load(id))).state == last.claim.state);
  subject.clock().advance(Duration(1));
  CHECK(subject.run(subject.store.orders->load(id)).error().code == Errc::not_found);
  CHECK(good(subject.run(subject.store.orders->history(id))).empty());
}

}  // namespace claimcheck::test
