#include "net/redis/link.hpp"

#include "base/assert.hpp"
#include "net/redis/greeting.hpp"
#include "net/redis/replies.hpp"
#include "net/redis/tls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/redis/connection.hpp>
#include <fmt/format.h>

#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;
namespace redis = boost::redis;

constexpr auto quiet = asio::as_tuple(asio::deferred);
// With `deferred`, clang-19 warns of a deprecated name inside Boost.Redis and libstdc++ 12.
constexpr auto run_quiet = asio::as_tuple(asio::use_awaitable);

// redis::connection hides the type of each completion: seven allocations more for a request.
using Connection = redis::basic_connection<asio::any_io_executor>;

// The library wants a context also for a connection without TLS.
std::expected<asio::ssl::context, RedisTlsError> context_of(const RedisOptions& options) {
  if (!options.address.tls) return asio::ssl::context(asio::ssl::context::tls_client);
  auto context = tls_context(options.tls);
  const std::string& name = options.tls.server_name;
  if (context) expect_name(*context, name.empty() ? options.address.place.host : name);
  return context;
}

redis::config config_of(const RedisOptions& options) {
  redis::config config;
  config.use_ssl = options.address.tls;
  config.addr.host = options.address.place.host;
  config.addr.port = fmt::to_string(options.address.place.port);
  config.unix_socket = options.address.place.socket;
  // Nothing: our greeting opens the connection, since its answers say whether we can use the
  // server.
  config.use_setup = true;
  config.setup.clear();
  config.resolve_timeout = options.connect_timeout;
  config.connect_timeout = options.connect_timeout;
  config.ssl_handshake_timeout = options.connect_timeout;
  // The library's health check leaves a server that refuses PING but can be read; ours does not.
  config.health_check_interval = std::chrono::seconds(0);
  // Zero = the library does not reconnect: it would send requests before our greeting is judged.
  config.reconnect_wait_interval = std::chrono::seconds(0);
  return config;
}

// "$12345678\r\n" and the "\r\n" behind a word, with room for the head of the command.
constexpr std::size_t word_head_bytes = 16;

redis::request request_of(std::span<const RedisCommand> commands, RedisLink::When when) {
  redis::request::config rules;
  rules.cancel_if_not_connected = when == RedisLink::When::connected;
  redis::request request(rules);
  std::size_t bytes = 0;
  for (const RedisCommand& command : commands) {
    for (const std::string& word : command) bytes += word.size() + word_head_bytes;
  }
  request.reserve(bytes);
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

}  // namespace

struct RedisLink::State {
  State(const asio::any_io_executor& e, const Clock& c, const RedisOptions& options)
      : State(e, c, options, context_of(options)) {}
  State(const asio::any_io_executor& e, const Clock& c, const RedisOptions& options,
        std::expected<asio::ssl::context, RedisTlsError> tls)
      : executor(e),
        clock(c),
        config(config_of(options)),
        connection(e, tls ? std::move(*tls) : asio::ssl::context(asio::ssl::context::tls_client),
                   redis::logger(redis::logger::level::disabled)) {
    if (!tls) {
      unusable =
          fmt::format("{} cannot be used: {}", options.tls.*tls.error().wrong, tls.error().why);
    }
    if (!options.pushes.receive) return;
    redis::any_adapter pushes = adapter_of(pushed);
    connection.set_receive_response(pushes);
  }

  asio::any_io_executor executor;
  const Clock& clock;
  redis::config config;
  std::string unusable{};  // why there is no TLS to connect with
  // Before the connection, which writes to both.
  RedisPushTexts pushed;
  RedisReplies greeting;  // also what came of it before the connection ended
  Connection connection;
  bool answered = false;  // at least once
};

RedisLink::RedisLink(asio::any_io_executor executor, const Clock& clock,
                     const RedisOptions& options)
    : state_(std::make_unique<State>(executor, clock, options)) {}

RedisLink::~RedisLink() = default;

asio::awaitable<std::string> RedisLink::run() {
  if (!state_->unusable.empty()) {
    cancel();
    co_return state_->unusable;
  }
  const auto [error] = co_await state_->connection.async_run(state_->config, run_quiet);
  // Requests that wait for a connection would wait for ever.
  state_->connection.cancel();
  if (error == redis::error::invalid_data_type || error == redis::error::not_a_number) {
    co_return not_redis;
  }
  if (error == asio::error::connection_refused) {
    co_return fmt::format("nothing listens there ({})", error.message());
  }
  // A server in protected mode, or one that takes no more clients, refuses the first command and
  // ends the connection.
  const auto* refusal = state_->greeting.first_failure();
  if (refusal != nullptr && !state_->answered) co_return hello_refused(refusal->text);
  if (error == asio::error::eof && !state_->answered) {
    co_return "it ended the connection without an answer: is it a Redis?";
  }
  co_return error.message();
}

void RedisLink::cancel() { state_->connection.cancel(); }

asio::awaitable<RedisAnswer> RedisLink::ask(std::span<const RedisCommand> commands, When when,
                                            Duration limit) {
  const redis::request request = request_of(commands, when);
  RedisReplies own;
  RedisReplies& replies = when == When::after_connecting ? state_->greeting : own;
  asio::steady_timer timer(state_->executor);
  const Duration start = state_->clock.steady();
  const auto [error, bytes] = co_await state_->connection.async_exec(
      request, adapter_of(replies), asio::cancel_after(timer, limit, quiet));
  if (error == redis::error::not_connected) {
    co_return RedisAnswer{.how = RedisAnswer::How::not_connected, .why = "Redis is not connected"};
  }
  // The library reports the same error when the timer cancels and when the link ends, so the clock
  // decides which one it was.
  if (error && state_->clock.steady() - start >= limit) {
    co_return RedisAnswer{
        .how = RedisAnswer::How::late,
        .why = fmt::format("Redis gave no answer within {} ms", limit.count() / 1000)};
  }
  state_->answered = state_->answered || !error;
  if (error) {
    co_return RedisAnswer{.how = RedisAnswer::How::broken,
                          .why = fmt::format("the connection to Redis broke: {}", error.message())};
  }
  RedisAnswer answer{.how = RedisAnswer::How::complete, .replies = replies.take()};
  // It would fail for pub/sub commands, which must not be sent here.
  ENSURE(answer.replies.size() == commands.size());
  co_return answer;
}

asio::awaitable<bool> RedisLink::pushed() {
  const auto [ended] = co_await state_->connection.async_receive2(quiet);
  co_return !ended;
}

std::optional<std::vector<std::string>> RedisLink::take_push() { return state_->pushed.take(); }

}  // namespace claimcheck
