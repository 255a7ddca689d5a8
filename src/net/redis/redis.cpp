#include "net/redis/redis.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/tasks.hpp"
#include "net/redis/replies.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/redis/connection.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;
namespace redis = boost::redis;
using boost::system::error_code;
using Link = std::shared_ptr<redis::connection>;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr Duration back_off_min = std::chrono::milliseconds(50);
constexpr Duration back_off_max = std::chrono::seconds(2);
constexpr Duration cancel_again = std::chrono::milliseconds(50);

// The library verifies nothing by itself: certificate, host name and SNI are set here.
Link make_link(const asio::any_io_executor& executor, const RedisAddress& address) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  if (!address.tls) return std::make_shared<redis::connection>(executor, std::move(tls));
  error_code missing;  // without authorities no certificate verifies, which the log then says
  tls.set_default_verify_paths(missing);
  tls.set_verify_mode(asio::ssl::verify_peer);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  auto link = std::make_shared<redis::connection>(executor, std::move(tls));
  link->next_layer().set_verify_callback(asio::ssl::host_name_verification(address.host));
  error_code not_an_ip;
  asio::ip::make_address(address.host, not_an_ip);
  if (not_an_ip) {
    SSL_set_tlsext_host_name(link->next_layer().native_handle(), address.host.c_str());
  }
  return link;
}

redis::config link_config(const RedisOptions& options) {
  redis::config config;
  config.use_ssl = options.address.tls;
  config.addr.host = options.address.host;
  config.addr.port = fmt::to_string(options.address.port);
  config.username = options.address.user.empty() ? "default" : options.address.user;
  config.password = options.address.password.reveal();
  config.clientname = "claimcheck";
  // The greeting selects: the library's own SELECT behind a refused HELLO throws.
  config.database_index = std::nullopt;
  config.resolve_timeout = options.connect_timeout;
  config.connect_timeout = options.connect_timeout;
  config.ssl_handshake_timeout = options.connect_timeout;
  // Its health check throws when an error is followed by a good PONG; ours does not.
  config.health_check_interval = std::chrono::seconds(0);
  config.reconnect_wait_interval = std::chrono::seconds(0);
  return config;
}

redis::request make_request(const std::vector<RedisCommand>& commands, bool needs_connection) {
  redis::request::config rules;
  rules.cancel_if_not_connected = needs_connection;
  rules.hello_with_priority = false;
  redis::request request(rules);
  for (const RedisCommand& command : commands) {
    ENSURE(!command.empty());
    if (command.size() == 1) {
      request.push(command.front());
    } else {
      request.push_range(command.front(), command.begin() + 1, command.end());
    }
  }
  return request;
}

// One of the facts in the server's answer to HELLO: "role", "mode", "version".
std::string greeting(const RedisReply& reply, std::string_view name) {
  const RedisReply::Array* pairs = reply.array();
  if (pairs == nullptr) return {};
  for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) {
    const std::string* key = (*pairs)[i].text();
    const std::string* value = (*pairs)[i + 1].text();
    if (key != nullptr && value != nullptr && *key == name) return *value;
  }
  return {};
}

// Why this server is none to write to; empty = it is one.
std::string wrong_server(const RedisReply& hello) {
  if (greeting(hello, "role") == "replica") return "it is a replica: name the primary";
  const std::string mode = greeting(hello, "mode");
  if (mode == "cluster") return "it is a node of a Redis Cluster, which claimcheck does not use";
  return mode == "sentinel" ? "it is a Sentinel: name the primary it watches" : "";
}

bool read_only(const RedisReply& reply) {
  return reply.failure() != nullptr && reply.failure()->text.starts_with("READONLY");
}

enum class When { connected, after_connecting };

// The library keeps the server's answer to its HELLO for itself.
const std::string hello_refused =
    "the server refused HELLO 3: wrong user or password, or older than Redis 6";

}  // namespace

struct Redis::State {
  State(asio::any_io_executor e, const Clock& c, RedisOptions o)
      : executor(e), clock(c), options(std::move(o)), pause(e), health(e), tasks(e) {}

  asio::any_io_executor executor;
  const Clock& clock;
  RedisOptions options;
  asio::steady_timer pause;   // before the next attempt to connect
  asio::steady_timer health;  // before the next PING
  Link link;                  // of the attempt or connection under way
  RedisPushTexts pushed;      // over that link
  bool started = false;
  bool stopped = false;
  bool ready = false;
  bool stood = false;       // this link was ready at some time
  std::string loss;         // why we gave the link up, when it was us
  std::string last_logged;  // an outage is logged once, not at every attempt
  Tasks tasks;

  // Coroutines that nobody waits for; each holds the state as long as it runs.
  static asio::awaitable<void> stay_connected(std::shared_ptr<State> state);
  static asio::awaitable<void> watch(std::shared_ptr<State> state, Link link);
  static asio::awaitable<void> receive(std::shared_ptr<State> state, Link link);
  static asio::awaitable<Result<void>> greet(std::shared_ptr<State> state, Link link);
  static asio::awaitable<Result<std::vector<RedisReply>>> ask(std::shared_ptr<State> state,
                                                              Link link,
                                                              std::vector<RedisCommand> commands,
                                                              When when, Duration limit);
  void connected();
  void give_up(const Link& which, std::string why);
  void lost(const error_code& error);
};

// Sends the commands on that link and waits for all replies. Late means the link is no good: the
// library then closes it in most cases, since its replies could no longer be told apart.
asio::awaitable<Result<std::vector<RedisReply>>> Redis::State::ask(
    std::shared_ptr<State> state, Link link, std::vector<RedisCommand> commands, When when,
    Duration limit) {
  const redis::request request = make_request(commands, when == When::connected);
  RedisReplies replies;
  asio::steady_timer timer(state->executor);
  const Duration start = state->clock.steady();
  const auto [error, bytes] =
      co_await link->async_exec(request, replies, asio::cancel_after(timer, limit, quiet));
  if (error == redis::error::not_connected) {
    co_return fail(Errc::not_sent, "Redis is not connected");
  }
  if (error && state->clock.steady() - start >= limit) {
    std::string why = fmt::format("Redis gave no answer within {} ms", limit.count() / 1000);
    state->give_up(link, why);
    co_return fail(Errc::ambiguous, std::move(why));
  }
  if (error) {
    co_return fail(Errc::ambiguous,
                   fmt::format("the connection to Redis broke: {}", error.message()));
  }
  std::vector<RedisReply> all = replies.take();
  ENSURE(all.size() == commands.size());  // false for pub/sub commands, which do not belong here
  // Behind the same name another server may be the primary now.
  if (std::ranges::any_of(all, read_only)) state->give_up(link, "it has become a replica");
  co_return all;
}

// One new connection object after the other: the library's own reconnecting leaves requests
// hanging after a refused connect.
asio::awaitable<void> Redis::State::stay_connected(std::shared_ptr<State> state) {
  const redis::config config = link_config(state->options);
  Duration wait = back_off_min;
  while (!state->stopped) {
    const Link link = make_link(state->executor, state->options.address);
    state->link = link;
    state->tasks.start(watch(state, link));
    if (state->options.pushes.receive) {
      state->pushed = {};
      link->set_receive_response(state->pushed);
      state->tasks.start(receive(state, link));
    }
    const redis::logger silent(redis::logger::level::disabled);
    const auto [error] = co_await link->async_run(config, silent, quiet);
    link->cancel();  // ends the greeting when there never was a connection
    if (state->stood) wait = back_off_min;
    state->lost(error);
    if (state->stopped) break;
    state->pause.expires_after(wait);
    co_await state->pause.async_wait(quiet);
    wait = std::min(wait * 2, back_off_max);
  }
}

// Always receiving: the library reads nothing more while a push waits for its taker.
asio::awaitable<void> Redis::State::receive(std::shared_ptr<State> state, Link link) {
  while (true) {
    const auto [ended, bytes] = co_await link->async_receive(quiet);
    if (ended || state->link != link) co_return;
    if (state->pushed.pushes.empty()) continue;
    std::vector<std::string> texts = std::move(state->pushed.pushes.front());
    state->pushed.pushes.pop_front();
    state->options.pushes.receive(std::move(texts));
  }
}

// Whether the server took us; `unavailable` when it refused, with its words.
asio::awaitable<Result<void>> Redis::State::greet(std::shared_ptr<State> state, Link link) {
  // HELLO again, only to see its answer: the library keeps that of its own for itself. It is given
  // even while the server loads its data, when PING and all else is refused.
  std::vector<RedisCommand> commands{RedisCommand{"HELLO", "3"}, RedisCommand{"PING"}};
  const int db = state->options.address.db;
  if (db != 0) commands.push_back(RedisCommand{"SELECT", fmt::to_string(db)});
  std::ranges::copy(state->options.pushes.ask, std::back_inserter(commands));
  const Duration limit = state->options.connect_timeout;
  const auto replies =
      co_await ask(state, link, std::move(commands), When::after_connecting, limit);
  if (!replies) co_return fail(replies);
  for (const RedisReply& reply : *replies) {
    const auto* failure = reply.failure();
    // MISCONF answers a PING when its disk fails; such a server can still be read.
    if (failure == nullptr || failure->text.starts_with("MISCONF")) continue;
    const bool stranger = failure->text.starts_with("NOAUTH");
    co_return fail(Errc::unavailable, stranger ? hello_refused : failure->text);
  }
  std::string wrong = wrong_server(replies->front());
  if (!wrong.empty()) co_return fail(Errc::unavailable, std::move(wrong));
  co_return Result<void>();
}

// Greets, then asks every now and then whether the server still answers, until the link is gone.
asio::awaitable<void> Redis::State::watch(std::shared_ptr<State> state, Link link) {
  const Result<void> welcome = co_await greet(state, link);
  if (state->link == link && !state->stopped) {
    if (welcome) state->connected();
    if (!welcome && welcome.error().code == Errc::unavailable) {
      state->give_up(link, welcome.error().message);
    }
  }
  while (state->link == link && state->ready) {
    state->health.expires_after(state->options.health_interval);
    co_await state->health.async_wait(quiet);
    if (state->link != link || !state->ready) break;
    std::vector<RedisCommand> ping{RedisCommand{"PING"}};
    const Duration limit = state->options.request_timeout;
    co_await ask(state, link, std::move(ping), When::connected, limit);
  }
  // Given up or stopped: the library misses a cancel that comes between two steps of connecting.
  while (state->link == link) {
    link->cancel();
    state->health.expires_after(cancel_again);
    co_await state->health.async_wait(quiet);
  }
}

void Redis::State::connected() {
  ready = true;
  stood = true;
  last_logged.clear();
  log_info("redis_connected", {{"host", options.address.host}, {"port", options.address.port}});
  if (options.pushes.standing) options.pushes.standing(true);
}

void Redis::State::give_up(const Link& which, std::string why) {
  if (link != which) return;
  ready = false;
  if (loss.empty()) loss = std::move(why);
  health.cancel();
  link->cancel();
}

void Redis::State::lost(const error_code& error) {
  std::string reason = std::exchange(loss, {});
  if (reason.empty()) {
    // The library cancels itself when its HELLO is refused, or a request that waits is cancelled.
    const bool cancelled = error == asio::error::operation_aborted;
    reason = !cancelled ? error.message() : stood ? "a request was cancelled" : hello_refused;
  }
  link.reset();
  ready = false;
  if (std::exchange(stood, false) && options.pushes.standing) options.pushes.standing(false);
  health.cancel();
  if (stopped || reason == last_logged) return;
  last_logged = reason;
  const RedisAddress& address = options.address;
  log_warn("redis_lost", {{"host", address.host}, {"port", address.port}, {"reason", reason}});
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
  state_->stopped = true;
  state_->ready = false;
  state_->pause.cancel();
  state_->health.cancel();
  if (state_->link) state_->link->cancel();
}

const std::string& Redis::last_loss() const { return state_->last_logged; }
bool Redis::ready() const { return state_->ready; }
asio::any_io_executor Redis::executor() const { return state_->executor; }
const Clock& Redis::clock() const { return state_->clock; }
const RedisOptions& Redis::options() const { return state_->options; }

asio::awaitable<Result<RedisReply>> Redis::exec(RedisCommand command) {
  std::vector<RedisCommand> commands;
  commands.push_back(std::move(command));
  auto replies = co_await exec_all(std::move(commands));
  if (!replies) co_return fail(replies);
  co_return std::move(replies->front());
}

asio::awaitable<Result<std::vector<RedisReply>>> Redis::exec_all(
    std::vector<RedisCommand> commands) {
  const std::shared_ptr<State> state = state_;
  if (commands.empty()) co_return std::vector<RedisReply>();
  if (!state->ready) co_return fail(Errc::not_sent, "Redis is not connected");
  const Link link = state->link;
  const Duration limit = state->options.request_timeout;
  co_return co_await State::ask(state, link, std::move(commands), When::connected, limit);
}

}  // namespace claimcheck
