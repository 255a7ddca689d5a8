#include "net/http_server.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <list>

#include "base/log.hpp"
#include "net/http_connection.hpp"

namespace claimcheck {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Result<tcp::endpoint> parse_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const char* const digits = colon == std::string::npos ? end : address.data() + colon + 1;
  const auto [stop, wrong] = std::from_chars(digits, end, port);
  boost::system::error_code unreadable;
  const asio::ip::address ip = asio::ip::make_address(host, unreadable);
  if (wrong != std::errc() || stop != end || unreadable) {
    return fail(Errc::invalid, "cannot listen on \"" + address + "\": it must be address:port");
  }
  return tcp::endpoint(ip, port);
}

}  // namespace

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  tcp::acceptor acceptor;
  HttpServerLimits limits;
  HttpHandler handler;
  std::list<HttpConnection*> open{};
  bool stopping = false;

  State(tcp::acceptor a, HttpServerLimits l, HttpHandler h)
      : acceptor(std::move(a)), limits(std::move(l)), handler(std::move(h)) {}
  asio::awaitable<void> accept_all();
  asio::awaitable<void> serve(tcp::socket socket);
};

asio::awaitable<void> HttpServer::State::accept_all() {
  const auto self = shared_from_this();
  asio::steady_timer pause(acceptor.get_executor());
  while (!stopping) {
    auto [failed, socket] = co_await acceptor.async_accept(no_throw);
    if (stopping) co_return;
    if (failed) {  // most likely no descriptors are left; open connections give some back
      log_warn("accept_failed", {{"why", failed.message()}});
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(no_throw);
      continue;
    }
    if (open.size() >= limits.connections) continue;  // the socket closes
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> HttpServer::State::serve(tcp::socket socket) {
  const auto self = shared_from_this();
  HttpConnection connection(std::move(socket), limits, handler);
  const auto entry = open.insert(open.end(), &connection);
  co_await connection.serve();
  open.erase(entry);
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() { close(); }

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor,
                                                       const std::string& address,
                                                       HttpServerLimits limits,
                                                       HttpHandler handler) {
  const Result<tcp::endpoint> endpoint = parse_address(address);
  if (!endpoint) return fail(endpoint);
  tcp::acceptor acceptor(executor);
  boost::system::error_code failed;
  acceptor.open(endpoint->protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.set_option(ReusePort(true), failed);
  if (!failed) acceptor.bind(*endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return fail(Errc::invalid, "cannot listen on " + address + ": " + failed.message());
  }
  auto state = std::make_shared<State>(std::move(acceptor), std::move(limits), std::move(handler));
  asio::co_spawn(executor, state->accept_all(), asio::detached);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::uint16_t HttpServer::port() const {
  boost::system::error_code closed;
  return state_->acceptor.local_endpoint(closed).port();
}

std::size_t HttpServer::connections() const { return state_->open.size(); }

void HttpServer::stop_accepting() {
  state_->stopping = true;
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  for (HttpConnection* connection : state_->open) connection->stop();
}

void HttpServer::close() {
  stop_accepting();
  for (HttpConnection* connection : state_->open) connection->close();
}

}  // namespace claimcheck
