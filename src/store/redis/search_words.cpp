// The search words in Redis: an index of orders under the digest of each word.
#include "base/crypto.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisSearchWords final : public InRedis<SearchWords> {
 public:
  using InRedis::InRedis;

  Async<void> index_word(std::string word, std::string session_id, Time when) override {
    const std::string key = keys::found(sha256_hex(word));
    // A rank counted from the end: all but the newest `found_orders` are removed.
    const std::string surplus = fmt::to_string(-limits_.found_orders - 1);
    co_return co_await run_together(redis_, {{"ZADD", key, score_of(when), std::move(session_id)},
                                             {"ZREMRANGEBYRANK", key, "0", surplus},
                                             {"EXPIRE", key, in_seconds(limits_.claim_open_ttl)}});
  }

  Async<std::vector<std::string>> find_word(std::string word) override {
    // All of them: index_word() keeps only the newest.
    RedisCommand range = {"ZRANGE", keys::found(sha256_hex(word)), "0", "-1", "REV"};
    co_return texts_of(co_await run_command(redis_, std::move(range)));
  }

  Async<void> forget_word(std::string word, std::string session_id) override {
    // Acknowledged: a person is told that the address is deleted, so it must not come back.
    RedisCommand remove = {"ZREM", keys::found(sha256_hex(word)), std::move(session_id)};
    co_return done_of(co_await run_command(acks_, std::move(remove)));
  }
};

}  // namespace

std::unique_ptr<SearchWords> search_words_in(RedisShared& shared) {
  return std::make_unique<RedisSearchWords>(shared);
}

}  // namespace claimcheck
