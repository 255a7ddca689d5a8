#include "net/redis/catch_up.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

}  // namespace

// Those who share one PING.
struct RedisCatchUp::Round {
  Round(const asio::any_io_executor& executor, Duration patience) : answered(executor, patience) {}

  asio::steady_timer answered;  // cancelled when the answer is there; the wait ends in either case
  bool caught_up = false;
};

RedisCatchUp::RedisCatchUp(Redis& redis) : redis_(redis), tasks_(redis.executor()) {}

asio::awaitable<bool> RedisCatchUp::wait() {
  // Never the round under way: its PING may be older than what the asker has seen.
  if (!next_) next_ = std::make_shared<Round>(redis_.executor(), patience);
  const std::shared_ptr<Round> round = next_;
  if (!std::exchange(asking_, true)) tasks_.start(ask());
  co_await round->answered.async_wait(quiet);
  co_return round->caught_up;
}

asio::awaitable<void> RedisCatchUp::ask() {
  while (next_) {
    // Other requests of this turn of the event loop join before the PING is sent.
    co_await asio::post(redis_.executor(), asio::use_awaitable);
    const std::shared_ptr<Round> round = std::exchange(next_, nullptr);
    const Result<RedisReply> reply = co_await redis_.exec({"PING"});
    round->caught_up = reply && reply->text() != nullptr;
    round->answered.cancel();
  }
  asking_ = false;
}

}  // namespace claimcheck
