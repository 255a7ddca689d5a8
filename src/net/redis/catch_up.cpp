#include "net/redis/catch_up.hpp"

#include "base/tasks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr auto quiet = asio::as_tuple(asio::deferred);

// Those who share one PING.
struct Round {
  Round(const asio::any_io_executor& executor, Duration patience) : answered(executor, patience) {}

  asio::steady_timer answered;  // cancelled when the answer is there; the wait ends in either case
  bool caught_up = false;
};

}  // namespace

// Held by ask(), which may end later than the object.
struct RedisCatchUp::State {
  explicit State(Redis& r) : redis(r), tasks(r.executor()) {}

  Redis& redis;
  Tasks tasks;
  std::shared_ptr<Round> next{};  // whose PING is not sent yet
  bool asking = false;

  static asio::awaitable<void> ask(std::shared_ptr<State> state);
};

RedisCatchUp::RedisCatchUp(Redis& redis) : state_(std::make_shared<State>(redis)) {}

asio::awaitable<bool> RedisCatchUp::wait() {
  State& state = *state_;
  // Never the round under way: its PING may be older than what the asker has seen.
  if (!state.next) state.next = std::make_shared<Round>(state.redis.executor(), patience);
  const std::shared_ptr<Round> round = state.next;
  if (!std::exchange(state.asking, true)) state.tasks.start(State::ask(state_));
  co_await round->answered.async_wait(quiet);
  co_return round->caught_up;
}

asio::awaitable<void> RedisCatchUp::State::ask(std::shared_ptr<State> state) {
  while (state->next) {
    // Other requests of this turn of the event loop join before the PING is sent.
    co_await asio::post(state->redis.executor(), asio::deferred);
    const std::shared_ptr<Round> round = std::exchange(state->next, nullptr);
    const Result<RedisReply> reply = co_await state->redis.exec({"PING"});
    round->caught_up = reply && reply->text() != nullptr;
    round->answered.cancel();
  }
  state->asking = false;
}

}  // namespace claimcheck
