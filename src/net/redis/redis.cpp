#include "net/redis/redis.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/tasks.hpp"
#include "net/redis/answer.hpp"
#include "net/redis/greeting.hpp"
#include "net/redis/link.hpp"
#include "net/redis/machine.hpp"
#include "net/redis/sentinel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;
using Link = std::shared_ptr<RedisLink>;

constexpr auto quiet = asio::as_tuple(asio::deferred);

}  // namespace

// The part around the machine: it opens links, waits, and reports the results to the machine.
struct Redis::State {
  State(asio::any_io_executor e, const Clock& c, RedisOptions o)
      : executor(e),
        clock(c),
        options(std::move(o)),
        machine(options.health_interval),
        pause(e),
        rest(e),
        tasks(e) {}

  asio::any_io_executor executor;
  const Clock& clock;
  RedisOptions options;
  RedisMachine machine;
  asio::steady_timer pause;  // before the next attempt to connect
  asio::steady_timer rest;   // before the next health check
  Link link;                 // of the attempt or connection under way
  std::size_t sentinel = 0;  // that is asked first the next time
  bool started = false;
  std::function<void(bool now)> told{};  // of each connection and its end
  Tasks tasks;

  // Coroutines of `tasks`; each holds the state as long as it runs.
  static asio::awaitable<void> stay_connected(std::shared_ptr<State> state);
  static asio::awaitable<std::string> connect(std::shared_ptr<State> state);
  static asio::awaitable<Result<RedisPlace>> find_primary(std::shared_ptr<State> state);
  static asio::awaitable<Result<RedisPlace>> ask_sentinel(std::shared_ptr<State> state,
                                                          RedisPlace place);
  static asio::awaitable<void> ask_and_end(std::shared_ptr<State> state, Link link,
                                           std::shared_ptr<RedisAnswer> into);
  static asio::awaitable<void> watch(std::shared_ptr<State> state, Link link);
  static asio::awaitable<void> receive(std::shared_ptr<State> state, Link link);
  void take_pushes(RedisLink& from);
  RedisAction tell(const RedisEvent& event);
  void announce(const RedisAction& action);
  void close();
};

// The only call of the machine. Its announcements are made before its action is done.
RedisAction Redis::State::tell(const RedisEvent& event) {
  RedisAction action = machine.resume(event);
  announce(action);
  return action;
}

void Redis::State::announce(const RedisAction& action) {
  if (action.news == RedisNews::connected) {
    log_info("redis_connected", {{"redis", text_of(options.address.place)}});
  }
  if (action.news != RedisNews::none && options.pushes.connected) {
    options.pushes.connected(action.news == RedisNews::connected);
  }
  if (action.news != RedisNews::none && told) told(action.news == RedisNews::connected);
  if (!action.loss.empty()) {
    log_warn("redis_lost", {{"redis", text_of(options.address)}, {"reason", action.loss}});
  }
}

void Redis::State::close() {
  rest.cancel();  // watch() continues at once
  if (link) link->cancel();
}

// Opens one link after the other, as long as the machine wants one.
asio::awaitable<void> Redis::State::stay_connected(std::shared_ptr<State> state) {
  RedisAction action = state->tell({RedisHappened::start});
  while (action.next != RedisNext::finish) {
    if (action.next == RedisNext::wait) {
      // A receiver of the loss may have called stop() already; then nothing would end this pause.
      if (state->machine.phase() == RedisPhase::waiting) {
        state->pause.expires_after(action.wait);
        co_await state->pause.async_wait(quiet);
      }
      action = state->tell({RedisHappened::waited});
      continue;
    }
    ENSURE(action.next == RedisNext::connect);
    const std::uint64_t attempt = state->machine.attempt();
    std::string why = co_await connect(state);
    state->link.reset();
    action = state->tell({RedisHappened::ended, attempt, std::move(why)});
    state->rest.cancel();  // its watch() ends before that of the next link begins
  }
}

// One link, to its end. Returns the reason of the end.
asio::awaitable<std::string> Redis::State::connect(std::shared_ptr<State> state) {
  if (!state->options.address.sentinels.empty()) {
    auto primary = co_await find_primary(state);
    if (!primary) co_return primary.error().message;
    state->options.address.place = std::move(*primary);
  }
  if (state->machine.phase() != RedisPhase::connecting) co_return "stopped";
  const Link link = std::make_shared<RedisLink>(state->executor, state->clock, state->options);
  state->link = link;
  // watch() gives its greeting to the library before the link is connected, so that no other
  // request can be sent first.
  state->tasks.start(watch(state, link));
  if (state->options.pushes.receive) state->tasks.start(receive(state, link));
  co_return co_await link->run();
}

// The first answer counts. Each attempt begins with another Sentinel, since one may be cut off and
// name a former primary.
asio::awaitable<Result<RedisPlace>> Redis::State::find_primary(std::shared_ptr<State> state) {
  const std::vector<RedisPlace>& all = state->options.address.sentinels;
  std::vector<std::string> why(all.size());
  const std::size_t first = state->sentinel++;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (state->machine.phase() != RedisPhase::connecting) break;
    const std::size_t asked = (first + i) % all.size();
    auto primary = co_await ask_sentinel(state, all[asked]);
    if (primary) co_return primary;
    why[asked] = fmt::format("Sentinel {}: {}", text_of(all[asked]), primary.error().message);
  }
  co_return fail(Errc::unavailable, fmt::format("{}", fmt::join(why, "; ")));
}

asio::awaitable<Result<RedisPlace>> Redis::State::ask_sentinel(std::shared_ptr<State> state,
                                                               RedisPlace place) {
  const auto link = std::make_shared<RedisLink>(state->executor, state->clock,
                                                options_of_sentinel(state->options, place));
  state->link = link;
  const auto answer = std::make_shared<RedisAnswer>(RedisAnswer::How::broken);
  state->tasks.start(ask_and_end(state, link, answer));
  const std::string ended = co_await link->run();
  co_return primary_of(state->options, *answer, ended);
}

asio::awaitable<void> Redis::State::ask_and_end(std::shared_ptr<State> state, Link link,
                                                std::shared_ptr<RedisAnswer> into) {
  *into = co_await link->ask(sentinel_question(state->options), RedisLink::When::after_connecting,
                             sentinel_wait_max);
  link->cancel();
}

// Sends the greeting, then a health check from time to time, until the link is lost.
asio::awaitable<void> Redis::State::watch(std::shared_ptr<State> state, Link link) {
  const std::uint64_t attempt = state->machine.attempt();
  const RedisOptions& options = state->options;
  const RedisAnswer greeted = co_await link->ask(
      greeting_of(options), RedisLink::When::after_connecting, options.connect_timeout);
  RedisAction action = state->tell(event_of_greeting(attempt, greeted, options.pushes));
  // A receiver of `connected` may have given the link up already.
  while (action.next == RedisNext::check && state->machine.ready()) {
    state->rest.expires_after(action.wait);
    co_await state->rest.async_wait(quiet);
    if (!state->machine.ready()) co_return;
    const RedisCommand ping = {"PING"};
    const RedisAnswer answer =
        co_await link->ask({&ping, 1}, RedisLink::When::connected, options.request_timeout);
    action = state->tell(event_of_check(attempt, answer));
  }
  if (action.next == RedisNext::close) link->cancel();
}

// Always receives: the library reads nothing more while many pushes wait.
asio::awaitable<void> Redis::State::receive(std::shared_ptr<State> state, Link link) {
  while (co_await link->pushed()) {
    // A late push of a former link must not be mistaken for one of the present link.
    if (state->link != link) co_return;
    state->take_pushes(*link);
  }
}

void Redis::State::take_pushes(RedisLink& from) {
  while (std::optional<std::vector<std::string>> texts = from.take_push()) {
    options.pushes.receive(std::move(*texts));
  }
}

Redis::Redis(asio::any_io_executor executor, const Clock& clock, RedisOptions options)
    : state_(std::make_shared<State>(std::move(executor), clock, std::move(options))) {}

Redis::~Redis() { stop(); }

void Redis::start() {
  ENSURE(!state_->started);
  state_->started = true;
  state_->tasks.start(State::stay_connected(state_));
}

void Redis::stop() {
  const RedisAction action = state_->tell({RedisHappened::stop});
  if (action.next == RedisNext::close) state_->close();
  state_->pause.cancel();
}

void Redis::reopen(const std::string& why) {
  const RedisAction action =
      state_->tell({RedisHappened::unwanted, state_->machine.attempt(), why});
  if (action.next == RedisNext::close) state_->close();
}

void Redis::tell_changes_to(std::function<void(bool now)> told) { state_->told = std::move(told); }

const std::string& Redis::last_loss() const { return state_->machine.last_loss(); }
bool Redis::ready() const { return state_->machine.ready(); }
asio::any_io_executor Redis::executor() const { return state_->executor; }
const RedisPlace& Redis::place() const { return state_->options.address.place; }
const Clock& Redis::clock() const { return state_->clock; }
const RedisOptions& Redis::options() const { return state_->options; }

asio::awaitable<Result<RedisReply>> Redis::exec(const RedisCommand& command) {
  auto replies = co_await exec_all({&command, 1});
  if (!replies) co_return fail(replies);
  co_return std::move(replies->front());
}

asio::awaitable<Result<std::vector<RedisReply>>> Redis::exec_all(
    std::span<const RedisCommand> commands) {
  const std::shared_ptr<State> state = state_;  // the object may be destroyed during the wait
  if (commands.empty()) co_return std::vector<RedisReply>();
  // No request waits for a connection: the caller knows better what to do without one.
  if (!state->machine.ready()) co_return fail(Errc::not_sent, "Redis is not connected");
  const Link link = state->link;
  const std::uint64_t attempt = state->machine.attempt();
  RedisAnswer answer =
      co_await link->ask(commands, RedisLink::When::connected, state->options.request_timeout);
  // The library hands over replies and pushes by two ways. Here they come in the server's order.
  if (state->link == link) state->take_pushes(*link);
  if (is_demoted(answer)) {
    const RedisAction action = state->tell({RedisHappened::demoted, attempt});
    if (action.next == RedisNext::close) state->close();
  }
  co_return result_of(std::move(answer));
}

}  // namespace claimcheck
