// Session values in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisSessionValues final : public InRedis<SessionValues> {
 public:
  using InRedis::InRedis;

  Async<SessionBytes> read_session(std::string session_id) override {
    RedisCommand get = {"GET", keys::session(session_id)};
    Result<std::string> bytes = text_of(co_await run_command(redis_, std::move(get)));
    // Null is not_found: an expired session looks like one that never was.
    if (!bytes) co_return fail(bytes);
    co_return SessionBytes(std::move(*bytes));
  }

  Async<std::vector<std::string>> read_heads(std::vector<std::string> session_ids,
                                             std::size_t bytes_max) override {
    // A prompt may have megabytes, so a list never reads whole values.
    std::vector<RedisCommand> commands;
    const std::string last = fmt::to_string(static_cast<std::int64_t>(bytes_max) - 1);
    for (const std::string& id : session_ids) {
      commands.push_back({"GETRANGE", keys::session(id), "0", last});
    }
    std::vector<std::string> heads;
    if (commands.empty() || bytes_max == 0) co_return heads;
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    // A key of another type is no order of ours, and has no head.
    for (const RedisReply& reply : *replies) heads.push_back(text_of(reply).value_or(""));
    co_return heads;
  }

  Async<UpdateResult> write_session(std::string session_id,
                                    std::optional<std::string> expected_digest,
                                    std::string bytes) override {
    // Compared and written in one script: other programs write these values too.
    static const Script script(embedded::lua_update);
    std::vector<std::string> names = {keys::session(session_id)};
    std::vector<std::string> arguments = {expected_digest ? "match" : "any",
                                          expected_digest.value_or(""), std::move(bytes),
                                          in_ms(limits_.session_ttl)};
    co_return word_of<UpdateResult>(
        co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }
};

}  // namespace

std::unique_ptr<SessionValues> session_values_in(RedisShared& shared) {
  return std::make_unique<RedisSessionValues>(shared);
}

}  // namespace claimcheck
