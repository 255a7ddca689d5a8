// What is at its default is not stored with a claim: a commit puts it back, and touches nothing
// that a newer release has written.
#include "base/crypto.hpp"
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_defaults";

}  // namespace

#define BOTH MemorySubject, RedisSubject

TEST_CASE_TEMPLATE("store: what comes back to its default is read so", S, BOTH) {
  S subject;
  Claim claim = created(subject, id, std::nullopt);
  claim.units.at(0).put_offs = 3;
  claim.units[0].job = "job-1";
  claim.reason = "it waits";
  claim.notified = "held.1";
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::held))));
  claim = good(subject.run(subject.store.orders->load(id)));
  CHECK(claim.units.at(0).put_offs == 3);
  claim.units[0] = Unit();
  claim.reason = claim.notified = "";
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::paid))));
  Claim expected = claim;
  expected.version += 1;
  expected.state = OrderState::paid;
  CHECK(good(subject.run(subject.store.orders->load(id))) == expected);
}

TEST_CASE_TEMPLATE("store: a link that becomes shorter leaves nothing of the longer one", S, BOTH) {
  S subject;
  Claim claim = created(subject, id, std::nullopt);
  for (const std::size_t length : {200U, 100U, 64U, 30U, 200U, 0U}) {
    CAPTURE(length);
    claim.units.at(0).url = std::string(length, 'a');
    good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::paid))));
    claim = good(subject.run(subject.store.orders->load(id)));
    CHECK(claim.units.at(0).url == std::string(length, 'a'));
  }
}

TEST_CASE("store: Redis keeps a usual order, and what finds it, in its compact forms") {
  RedisSubject subject;
  const std::string usual = "cs_test_" + std::string(58, 'a');
  Claim claim = created(subject, usual, std::nullopt);
  claim.prompt_sha256 = std::string(64, 'f');
  claim.units.at(0).url = "https://files.example/" + std::string(100, 'v');
  good(subject.run(subject.store.orders->commit(next(usual, claim, OrderState::paid))));
  CHECK(subject.raw_text({"OBJECT", "ENCODING", keys::claim(usual)}) == "listpack");
  const std::string word = email_word("ada@example.com");
  good(subject.run(subject.store.words->index_word(word, usual, from_unix_s(1))));
  CHECK(subject.raw_text({"OBJECT", "ENCODING", keys::found(sha256_hex(word))}) == "listpack");
  CHECK(good(subject.run(subject.store.words->find_word(word))) == std::vector{usual});
  good(subject.run(subject.store.words->forget_word(word, usual)));
  CHECK(good(subject.run(subject.store.words->find_word(word))).empty());
}

TEST_CASE("store: a search word of before, with whole session ids, is read and forgotten") {
  RedisSubject subject;
  const std::string word = email_word("ada@example.com");
  subject.raw({"ZADD", keys::found(sha256_hex(word)), "1", id});
  good(subject.run(subject.store.words->index_word(word, "cs_test_new", from_unix_s(1))));
  CHECK(good(subject.run(subject.store.words->find_word(word))) ==
        std::vector<std::string>{"cs_test_new", id});
  good(subject.run(subject.store.words->forget_word(word, id)));
  CHECK(good(subject.run(subject.store.words->find_word(word))) ==
        std::vector<std::string>{"cs_test_new"});
}

TEST_CASE("store: a commit removes no field of a newer release") {
  RedisSubject subject;
  Claim claim = created(subject, id, std::nullopt);
  claim.reason = "it waits";
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::held))));
  const std::string key = keys::claim(id);
  subject.raw({"HSET", key, "u0.newer", "1", "newer", "2"});
  claim = good(subject.run(subject.store.orders->load(id)));
  claim.reason = "";
  good(subject.run(subject.store.orders->commit(next(id, claim, OrderState::paid))));
  CHECK(subject.raw_text({"HGET", key, "u0.newer"}) == "1");
  CHECK(subject.raw_text({"HGET", key, "newer"}) == "2");
  CHECK(subject.raw_integer({"HEXISTS", key, "reason"}) == 0);
}

}  // namespace claimcheck::test
