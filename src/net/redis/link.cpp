#include "net/redis/link.hpp"

#include "base/assert.hpp"
#include "net/redis/greeting.hpp"
#include "net/redis/replies.hpp"
#include "net/redis/tls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/redis/connection.hpp>
#include <fmt/format.h>

#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;
namespace redis = boost::redis;
using boost::system::error_code;

constexpr auto quiet = asio::as_tuple(asio::deferred);
// With `deferred`, clang-19 warns of a deprecated name inside Boost.Redis and libstdc++ 12.
constexpr auto run_quiet = asio::as_tuple(asio::use_awaitable);

// The type that takes a logger of our own. The usual redis::connection takes the library's only.
using Connection = redis::basic_connection<asio::any_io_executor>;

// What the library says of a failed opening only to its logger.
struct OpeningNotes {
  std::string refusal;   // the server's error text for HELLO
  bool foreign = false;  // the answers are not of the protocol
};

// The library's interface of a logger. It is copied, so the notes are elsewhere.
struct NoteTaker {
  OpeningNotes* notes;

  void on_hello(const error_code&, const redis::generic_response& reply) {
    if (reply.has_error()) notes->refusal = reply.error().diagnostic;
  }
  void trace(std::string_view, const error_code& error) {
    // Its own category: all these are about bytes that cannot be read as an answer.
    if (error == redis::error::invalid_data_type || error == redis::error::not_a_number) {
      notes->foreign = true;
    }
  }
  void trace(std::string_view) {}
  void set_prefix(std::string_view) {}
  void on_resolve(const error_code&, const asio::ip::tcp::resolver::results_type&) {}
  void on_connect(const error_code&, const asio::ip::tcp::endpoint&) {}
  void on_ssl_handshake(const error_code&) {}
  void on_write(const error_code&, const std::string&) {}
  void on_read(const error_code&, std::size_t) {}
};

// The library wants a context also for a connection without TLS.
std::expected<asio::ssl::context, RedisTlsError> context_of(const RedisOptions& options) {
  if (options.address.tls) return tls_context(options.tls);
  return asio::ssl::context(asio::ssl::context::tls_client);
}

// The library verifies no name by itself, and tells none to the server.
void verify_name(Connection& connection, const RedisOptions& options) {
  if (!options.address.tls) return;
  const std::string& own = options.tls.server_name;
  const std::string& name = own.empty() ? options.address.host : own;
  connection.next_layer().set_verify_callback(asio::ssl::host_name_verification(name));
  error_code not_an_ip;
  asio::ip::make_address(name, not_an_ip);
  // SNI is for names only: a server may refuse an address in it.
  if (not_an_ip) {
    SSL_set_tlsext_host_name(connection.next_layer().native_handle(), name.c_str());
  }
}

redis::config config_of(const RedisOptions& options) {
  redis::config config;
  config.use_ssl = options.address.tls;
  config.addr.host = options.address.host;
  config.addr.port = fmt::to_string(options.address.port);
  config.username = options.address.user.empty() ? "default" : options.address.user;
  config.password = options.address.password.reveal();
  config.clientname = "claimcheck";
  // Our greeting selects the database: the library's own SELECT throws after a refused HELLO.
  config.database_index = std::nullopt;
  config.resolve_timeout = options.connect_timeout;
  config.connect_timeout = options.connect_timeout;
  config.ssl_handshake_timeout = options.connect_timeout;
  // The library's health check throws when a good PONG follows an error; ours does not.
  config.health_check_interval = std::chrono::seconds(0);
  // Zero = the library does not reconnect; we open a new link instead.
  config.reconnect_wait_interval = std::chrono::seconds(0);
  return config;
}

// "$12345678\r\n" and the "\r\n" behind a word, with room for the head of the command.
constexpr std::size_t word_head_bytes = 16;

redis::request request_of(std::span<const RedisCommand> commands, RedisLink::When when) {
  redis::request::config rules;
  rules.cancel_if_not_connected = when == RedisLink::When::connected;
  rules.hello_with_priority = false;  // our HELLO is an ordinary command after the library's
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
        connection(e, tls ? std::move(*tls) : asio::ssl::context(asio::ssl::context::tls_client)) {
    if (!tls) {
      unusable =
          fmt::format("{} cannot be used: {}", options.tls.*tls.error().wrong, tls.error().why);
    }
    verify_name(connection, options);
    if (options.pushes.receive) connection.set_receive_response(pushed);
  }

  asio::any_io_executor executor;
  const Clock& clock;
  redis::config config;
  std::string unusable{};  // why there is no TLS to connect with
  RedisPushTexts pushed;   // before the connection, which writes to it
  Connection connection;
  OpeningNotes notes;
  bool answered = false;  // at least once: the library's own HELLO was taken
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
  const auto [error] =
      co_await state_->connection.async_run(state_->config, NoteTaker{&state_->notes}, run_quiet);
  // Requests that wait for a connection would wait for ever.
  state_->connection.cancel();
  if (state_->notes.foreign) co_return not_redis;
  if (!state_->notes.refusal.empty()) co_return hello_refused(state_->notes.refusal);
  if (error == asio::error::connection_refused) {
    co_return fmt::format("nothing listens there ({})", error.message());
  }
  if (error == asio::error::eof && !state_->answered) {
    co_return "it ended the connection without an answer: is it a Redis?";
  }
  if (error != asio::error::operation_aborted) co_return error.message();
  // The library cancels itself in two cases: when its HELLO is refused, or when a waiting request
  // is cancelled.
  co_return state_->answered ? "a request was cancelled" : hello_refused("");
}

void RedisLink::cancel() { state_->connection.cancel(); }

asio::awaitable<RedisAnswer> RedisLink::ask(std::span<const RedisCommand> commands, When when,
                                            Duration limit) {
  const redis::request request = request_of(commands, when);
  RedisReplies replies;
  asio::steady_timer timer(state_->executor);
  const Duration start = state_->clock.steady();
  const auto [error, bytes] = co_await state_->connection.async_exec(
      request, replies, asio::cancel_after(timer, limit, quiet));
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
  if (error) {
    co_return RedisAnswer{.how = RedisAnswer::How::broken,
                          .why = fmt::format("the connection to Redis broke: {}", error.message())};
  }
  // The answer to a stranger says only that. run() has the reason.
  if (!state_->notes.refusal.empty()) {
    co_return RedisAnswer{.how = RedisAnswer::How::broken, .why = "HELLO 3 was refused"};
  }
  state_->answered = true;
  RedisAnswer answer{.how = RedisAnswer::How::complete, .replies = replies.take()};
  // It would fail for pub/sub commands, which must not be sent here.
  ENSURE(answer.replies.size() == commands.size());
  co_return answer;
}

asio::awaitable<bool> RedisLink::pushed() {
  const auto [ended, bytes] = co_await state_->connection.async_receive(quiet);
  co_return !ended;
}

std::optional<std::vector<std::string>> RedisLink::take_push() { return state_->pushed.take(); }

}  // namespace claimcheck
