// What only a real Redis can show: lives, refusals, lost scripts, foreign types, the layout's own
// description, partitions.
#include "base/crypto.hpp"
#include "store/keys.hpp"
#include "store/sessions.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <array>

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_redis";
constexpr Duration hour = std::chrono::hours(1);
constexpr std::string_view pending = R"({"status":"pending"})";

Claim created(RedisSubject& subject) { return test::created(subject, id, std::string(pending)); }

Commit next(const Claim& claim, OrderState state) {
  Commit change = test::next(id, claim, state);
  const bool paid = state == OrderState::paid || state == OrderState::done;
  change.claim.paid_us = paid ? to_us(from_unix_s(1'790'000'100)) : 0;
  return change;
}

// Everything about the order, byte for byte.
std::string everything(RedisSubject& subject) {
  std::string text;
  for (const std::string& key : {keys::session(id), keys::claim(id), keys::history(id)}) {
    const RedisReply dump = subject.raw({"DUMP", key});
    text += dump.null() ? "-" : *dump.text();
  }
  return text;
}

NewPlaces places_of(const std::string& session_id, std::int64_t bytes) {
  return {.session_id = session_id,
          .due = from_unix_s(4'000'000'000),
          .created = from_unix_s(1'790'000'000),
          .bytes = bytes};
}

// Milliseconds that a key still lives, at most a minute used up by the test.
void check_life(RedisSubject& subject, const std::string& key, Duration life) {
  CAPTURE(key);
  const std::int64_t left = subject.raw_integer({"PTTL", key});
  const std::int64_t whole = std::chrono::duration_cast<std::chrono::milliseconds>(life).count();
  CHECK(left <= whole);
  CHECK(left > whole - 60'000);
}

void check_unavailable(const Error& error, const std::string& word) {
  CHECK(error.code == Errc::unavailable);
  CHECK_MESSAGE(error.message.ends_with(word), error.message);
}

}  // namespace

TEST_CASE("redis store: every value has a life, and every write starts it again") {
  const StoreLimits limits;
  RedisSubject subject;
  Claim claim = created(subject);
  check_life(subject, keys::session(id), limits.session_ttl);
  check_life(subject, keys::claim(id), limits.claim_open_ttl);
  check_life(subject, keys::history(id), limits.claim_open_ttl);
  const std::array order = {keys::session(id), keys::claim(id), keys::history(id)};
  const auto nearly_over = [&] {
    for (const std::string& key : order) subject.raw({"PEXPIRE", key, "100000"});
  };

  nearly_over();
  Commit change = next(claim, OrderState::paid);
  change.view = ViewWrite{sha1_hex(pending), std::string(pending)};
  REQUIRE(good(subject.run(subject.store.orders->commit(change))) == CommitResult::done);
  check_life(subject, keys::session(id), limits.session_ttl);
  check_life(subject, keys::claim(id), limits.claim_paid_ttl);
  check_life(subject, keys::history(id), limits.claim_paid_ttl);

  nearly_over();
  ++claim.version;
  REQUIRE(good(subject.run(subject.store.orders->commit(next(claim, OrderState::expired)))) ==
          CommitResult::done);
  check_life(subject, keys::claim(id), limits.session_ttl);
  check_life(subject, keys::history(id), limits.session_ttl);

  nearly_over();
  good(subject.run(update_session(*subject.store.sessions, subject.clock(), id, {})));
  check_life(subject, keys::session(id), limits.session_ttl);

  good(subject.run(subject.store.jobs->own_job("j", "o")));
  check_life(subject, keys::job("j"), limits.job_ttl);
  good(subject.run(
      subject.store.checkouts->idempotency("k", {.body_sha256 = "aa"}, IfRecorded::keep)));
  check_life(subject, keys::idempotency("k"), limits.idempotency_ttl);
  subject.raw({"PEXPIRE", keys::idempotency("k"), "100000"});
  good(subject.run(
      subject.store.checkouts->idempotency("k", {.body_sha256 = "aa"}, IfRecorded::replace)));
  check_life(subject, keys::idempotency("k"), limits.idempotency_ttl);
}

TEST_CASE("redis store: what is refused changes not a byte") {
  RedisSubject subject;
  const Claim claim = created(subject);
  REQUIRE(good(subject.run(subject.store.orders->commit(next(claim, OrderState::paid)))) ==
          CommitResult::done);
  const std::string before = everything(subject);
  Commit stale = next(claim, OrderState::done);
  stale.view = ViewWrite{sha1_hex(pending), "{}"};
  CHECK(good(subject.run(subject.store.orders->commit(stale))) == CommitResult::refused);
  stale.claim.version = 2;
  stale.view = ViewWrite{sha1_hex("other"), std::nullopt, true};
  CHECK(good(subject.run(subject.store.orders->commit(stale))) == CommitResult::refused);
  CHECK_FALSE(good(subject.run(subject.store.orders->create(new_order(id, "{}")))));
  CHECK(everything(subject) == before);
}

TEST_CASE("B15 redis store: a server that forgot the scripts is told them again") {
  RedisSubject subject;
  const Claim claim = created(subject);
  subject.raw({"SCRIPT", "FLUSH"});
  CHECK(good(subject.run(subject.store.orders->commit(next(claim, OrderState::paid)))) ==
        CommitResult::done);
  subject.raw({"SCRIPT", "FLUSH"});
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
}

TEST_CASE("B4 redis store: memory full: nothing half-written, ends go through") {
  RedisSubject subject;
  Claim claim = created(subject);
  good(subject.run(subject.store.checkouts->enter(places_of(id, 20))));
  const std::string before = everything(subject);
  subject.raw({"CONFIG", "SET", "maxmemory", "1"});

  check_unavailable(subject.run(subject.store.orders->create(new_order("cs_test_x", "{}"))).error(),
                    "OOM");
  CHECK(subject.raw_integer({"EXISTS", keys::claim("cs_test_x"), keys::session("cs_test_x"),
                             keys::history("cs_test_x")}) == 0);
  Commit begins = next(claim, OrderState::paid);
  begins.view = ViewWrite{sha1_hex(pending), std::nullopt, true};
  check_unavailable(subject.run(subject.store.orders->commit(begins)).error(), "OOM");
  check_unavailable(
      subject.run(subject.store.sessions->write_session(id, std::nullopt, "{}")).error(), "OOM");
  check_unavailable(subject.run(subject.store.queue->schedule("cs_test_x", from_us(1))).error(),
                    "OOM");
  check_unavailable(subject.run(subject.store.jobs->own_job("j", "o")).error(), "OOM");
  check_unavailable(subject.run(subject.store.checkouts->enter(places_of(id, 30))).error(), "OOM");
  check_unavailable(subject.run(subject.store.marks->ready()).error(), "OOM");
  CHECK(everything(subject) == before);

  // A wake is kept, what has happened is recorded and an order can be ended.
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(taken.size() == 1);
  CHECK(good(subject.run(subject.store.orders->commit(next(claim, OrderState::paid)))) ==
        CommitResult::done);
  ++claim.version;
  Commit last = next(claim, OrderState::done);
  last.view = ViewWrite{sha1_hex(pending), R"({"status":"completed"})"};
  CHECK(good(subject.run(subject.store.orders->commit(last))) == CommitResult::done);
  CHECK(good(subject.run(read_bytes(subject.store, id))) == R"({"status":"completed"})");
  good(subject.run(subject.store.checkouts->release_unpaid(id)));
  CHECK(good(subject.run(subject.store.queue->settle(taken[0], std::nullopt))));

  subject.raw({"CONFIG", "SET", "maxmemory", "0"});
  good(subject.run(subject.store.marks->ready()));
}

TEST_CASE("redis store: a read-only replica is unavailable, also for ready") {
  RedisSubject subject;
  const Claim claim = created(subject);
  subject.raw({"REPLICAOF", "127.0.0.1", "1"});
  check_unavailable(
      subject.run(subject.store.orders->commit(next(claim, OrderState::paid))).error(), "READONLY");
  // The connection is given up, and none is taken to a replica: behind the name may stand another.
  CHECK(subject.run(subject.store.queue->wake(id, Announce::no)).error().code == Errc::not_sent);
  CHECK(subject.run(subject.store.marks->ready()).error().code == Errc::not_sent);
  CHECK(subject.redis().last_loss().find("replica") != std::string::npos);
}

TEST_CASE("B23 redis store: keys of another type are unreadable and stay") {
  RedisSubject subject;
  const Claim claim = created(subject);
  SUBCASE("the session is a list") {
    subject.raw({"DEL", keys::session(id)});
    subject.raw({"RPUSH", keys::session(id), "x"});
    const std::string before = everything(subject);
    CHECK(subject.run(read_bytes(subject.store, id)).error().code == Errc::unreadable);
    CHECK(subject.run(update_session(*subject.store.sessions, subject.clock(), id, {}))
              .error()
              .code == Errc::unreadable);
    Commit change = next(claim, OrderState::paid);
    change.view = ViewWrite{"", "{}"};
    CHECK(subject.run(subject.store.orders->commit(change)).error().code == Errc::unreadable);
    CHECK(everything(subject) == before);
  }
  SUBCASE("the claim is a string") {
    subject.raw({"SET", keys::claim(id), "x"});
    const std::string before = everything(subject);
    CHECK(subject.run(subject.store.orders->load(id)).error().code == Errc::unreadable);
    CHECK(subject.run(subject.store.orders->commit(next(claim, OrderState::paid))).error().code ==
          Errc::unreadable);
    CHECK(everything(subject) == before);
  }
  SUBCASE("the history is a string: found before anything is written") {
    subject.raw({"SET", keys::history(id), "x"});
    const std::string before = everything(subject);
    CHECK(subject.run(subject.store.orders->commit(next(claim, OrderState::paid))).error().code ==
          Errc::unreadable);
    CHECK(everything(subject) == before);
    subject.raw({"DEL", keys::claim(id)});
    CHECK(subject.run(subject.store.orders->create(new_order(id, "{}"))).error().code ==
          Errc::unreadable);
    CHECK(subject.raw_integer({"EXISTS", keys::claim(id)}) == 0);
  }
}

TEST_CASE("redis store: scores are whole microseconds of Redis' clock, exact") {
  RedisSubject subject;
  good(subject.run(subject.store.queue->schedule(id, from_us(1'790'000'000'000'001))));
  CHECK(subject.raw_text({"ZSCORE", keys::due(0), id}) == "1790000000000001");
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const double woken = std::stod(subject.raw_text({"ZSCORE", keys::due(0), id}));
  good(subject.run(
      subject.store.queue->wake(id, Announce::no)));  // due already: one less, never the same
  CHECK(std::stod(subject.raw_text({"ZSCORE", keys::due(0), id})) == woken - 1);
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(taken.size() == 1);
  CHECK(std::stod(subject.raw_text({"ZSCORE", keys::due(0), id})) == taken[0].score);
  // A neighbouring score is another one.
  Due near = taken[0];
  near.score += 1;
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(near, std::nullopt))));
  CHECK(good(subject.run(subject.store.queue->settle(taken[0], std::nullopt))));
}

TEST_CASE("redis store: a wake writes what others follow only when it is announced") {
  RedisSubject subject({}, 4);
  const int partition = keys::partition_of(id, 4);
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  CHECK(subject.raw_integer({"EXISTS", keys::woken(partition)}) == 0);
  good(subject.run(subject.store.queue->wake(id, Announce::yes)));
  CHECK(subject.raw_integer({"EXISTS", keys::woken(partition)}) == 1);
  CHECK(keys::woken(partition).starts_with(keys::any_woken()));
  CHECK(good(subject.run(subject.store.queue->take(9, hour))).size() == 1);
}

TEST_CASE("redis store: the total of unpaid bytes is stored with them") {
  RedisSubject subject;
  good(subject.run(subject.store.checkouts->enter(places_of("cs_test_a", 100))));
  good(subject.run(subject.store.checkouts->enter(places_of("cs_test_b", 7))));
  good(subject.run(subject.store.checkouts->release_unpaid("cs_test_a")));
  CHECK(subject.raw_text({"HGET", keys::unpaid(0), "total"}) == "7");
  CHECK(subject.raw_integer({"HEXISTS", keys::unpaid(0), "cs_test_a"}) == 0);
}

TEST_CASE("redis store: the layout's description is written once") {
  RedisSubject subject({}, 4);
  const std::string before = subject.raw_text({"DUMP", keys::meta()});
  RedisStore other(subject.redis(), {}, 2);
  good(subject.run(other.init()));
  CHECK(subject.raw_text({"DUMP", keys::meta()}) == before);
  CHECK(subject.raw_text({"HGET", keys::meta(), "partitions"}) == "4");
  CHECK(subject.raw_text({"HGET", keys::meta(), "schema"}) == "1");
  CHECK(subject.raw_text({"HGET", keys::meta(), "epoch"}).size() == 32);
  CHECK(std::stoll(subject.raw_text({"HGET", keys::meta(), "born_s"})) > 1'700'000'000);

  // The stored number of partitions wins: both stores see one index.
  for (int i = 0; i < 20; ++i) {
    good(subject.run(subject.store.queue->wake(fmt::format("cs_test_{}", i), Announce::no)));
  }
  CHECK(good(subject.run(other.queue->take(50, hour))).size() == 20);
}

TEST_CASE("redis store: a newer layout is refused and left alone") {
  RedisSubject subject;
  subject.raw({"HSET", keys::meta(), "schema", "2"});
  const std::string before = subject.raw_text({"DUMP", keys::meta()});
  RedisStore store(subject.redis(), {});
  const auto refused = subject.run(store.init());
  CHECK(refused.error().code == Errc::unreadable);
  CHECK(refused.error().message.find("newer") != std::string::npos);
  CHECK(subject.raw_text({"DUMP", keys::meta()}) == before);
}

TEST_CASE("redis store: a description that an interrupted start left incomplete is completed") {
  RedisSubject subject({}, 4);
  const std::vector<std::vector<std::string>> left_out = {
      {"partitions", "epoch", "born_s"}, {"epoch", "born_s"}, {"born_s"}, {"schema", "epoch"}};
  for (const std::vector<std::string>& names : left_out) {
    for (const std::string& name : names) subject.raw({"HDEL", keys::meta(), name});
    RedisStore store(subject.redis(), {}, 4);
    good(subject.run(store.init()));
    CHECK(subject.raw_text({"HGET", keys::meta(), "schema"}) == "1");
    CHECK(subject.raw_text({"HGET", keys::meta(), "partitions"}) == "4");
    CHECK(good(subject.run(store.epoch())).size() == 32);
    CHECK(to_unix_s(good(subject.run(store.marks->born()))) > 1'700'000'000);
  }
}

TEST_CASE("redis store: partitions share the work and add up") {
  RedisSubject subject(StoreLimits{.recent_orders = 40}, 4);
  std::int64_t total = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string member = fmt::format("cs_test_{}", i);
    total = good(subject.run(subject.store.checkouts->enter(
        {.session_id = member, .due = from_us(1), .created = from_unix_s(i), .bytes = 10})));
  }
  CHECK(total == 200);
  int used = 0;
  for (int i = 0; i < 4; ++i) {
    used += subject.raw_integer({"ZCARD", keys::due(i)}) > 0 ? 1 : 0;
  }
  CHECK(used > 1);
  using Ids = std::vector<std::string>;
  CHECK(good(subject.run(subject.store.lists->recent(3))) ==
        Ids{"cs_test_19", "cs_test_18", "cs_test_17"});

  const auto first = good(subject.run(subject.store.queue->take(15, hour)));
  const auto second = good(subject.run(subject.store.queue->take(15, hour)));
  CHECK(first.size() == 15);
  CHECK(second.size() == 5);
  for (const Due& due : first)
    CHECK(good(subject.run(subject.store.queue->settle(due, std::nullopt))));
  for (const Due& due : second)
    CHECK(good(subject.run(subject.store.queue->settle(due, std::nullopt))));
  for (int i = 0; i < 4; ++i) CHECK(subject.raw_integer({"EXISTS", keys::due(i)}) == 0);
}

TEST_CASE("redis store: without a connection nothing is said") {
  RedisClient client(RedisOptions{.address = {.place = {.port = 1}}});
  RedisStore store(client.redis, {});
  CHECK(client.run(store.orders->load(id)).error().code == Errc::not_sent);
  CHECK(client.run(store.queue->wake(id, Announce::no)).error().code == Errc::not_sent);
  CHECK(client.run(store.queue->take(1, hour)).error().code == Errc::not_sent);
  CHECK(client.run(store.marks->ready()).error().code == Errc::not_sent);
}

}  // namespace claimcheck::test
