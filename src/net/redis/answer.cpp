#include "net/redis/answer.hpp"

#include "net/redis/greeting.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

bool read_only(const RedisReply& reply) {
  return reply.failure() != nullptr && reply.failure()->text.starts_with("READONLY");
}

}  // namespace

bool is_demoted(const RedisAnswer& answer) {
  return std::ranges::any_of(answer.replies, read_only);
}

RedisEvent event_of_check(std::uint64_t attempt, const RedisAnswer& answer) {
  switch (answer.how) {
    case RedisAnswer::How::complete: break;
    case RedisAnswer::How::late: return {RedisHappened::late, attempt, answer.why};
    // Both are also reported by the end of the link, which has the reason.
    case RedisAnswer::How::not_connected:
    case RedisAnswer::How::broken: return {RedisHappened::broke, attempt};
  }
  return {is_demoted(answer) ? RedisHappened::demoted : RedisHappened::answered, attempt};
}

RedisEvent event_of_greeting(std::uint64_t attempt, const RedisAnswer& answer,
                             const RedisPushes& pushes) {
  RedisEvent event = event_of_check(attempt, answer);
  if (event.what != RedisHappened::answered) return event;
  const Result<void> welcome = judge_greeting(answer.replies, pushes);
  if (welcome) return {RedisHappened::welcomed, attempt};
  return {RedisHappened::turned_away, attempt, welcome.error().message};
}

Result<std::vector<RedisReply>> result_of(RedisAnswer answer) {
  switch (answer.how) {
    case RedisAnswer::How::complete: return std::move(answer.replies);
    case RedisAnswer::How::not_connected: return fail(Errc::not_sent, std::move(answer.why));
    // The connection has taken the request, so the server may have it, and may still execute it.
    case RedisAnswer::How::late:
    case RedisAnswer::How::broken: break;
  }
  return fail(Errc::ambiguous, std::move(answer.why));
}

}  // namespace claimcheck
