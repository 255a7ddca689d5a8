// The search words in Redis: an index of orders under the digest of each word.
#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

// Without what all session ids begin with: few orders of a word take a third of the memory while no
// member is longer than 64 bytes (zset-max-listpack-value).
constexpr std::string_view common = "cs_";

std::string member_of(const std::string& session_id) {
  ENSURE(session_id.starts_with(common));
  return session_id.substr(common.size());
}

class RedisSearchWords final : public InRedis<SearchWords> {
 public:
  using InRedis::InRedis;

  Async<void> index_word(std::string word, std::string session_id, Time when) override {
    static const Script script(embedded::lua_index_word);
    std::vector<std::string> names = {keys::found(sha256_hex(word))};
    std::vector<std::string> arguments = {member_of(session_id), score_of(when),
                                          fmt::to_string(limits_.found_orders),
                                          in_seconds(limits_.claim_open_ttl)};
    co_return done_of(co_await run_script(redis_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<std::string>> find_word(std::string word) override {
    // All of them: index_word() keeps only the newest.
    RedisCommand range = {"ZRANGE", keys::found(sha256_hex(word)), "0", "-1", "REV"};
    Result<std::vector<std::string>> found =
        texts_of(co_await run_command(redis_, std::move(range)));
    if (found) {
      for (std::string& member : *found) {
        if (!member.starts_with(common)) member.insert(0, common);  // one of before is whole
      }
    }
    co_return found;
  }

  Async<void> forget_word(std::string word, std::string session_id) override {
    // Acknowledged: a person is told that the address is deleted, so it must not come back.
    std::string short_form = member_of(session_id);
    RedisCommand remove = {"ZREM", keys::found(sha256_hex(word)), std::move(short_form),
                           std::move(session_id)};
    co_return done_of(co_await run_command(acks_, std::move(remove)));
  }
};

}  // namespace

std::unique_ptr<SearchWords> search_words_in(RedisShared& shared) {
  return std::make_unique<RedisSearchWords>(shared);
}

}  // namespace claimcheck
