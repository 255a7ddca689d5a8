#include "net/http/server.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "net/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <charconv>
#include <list>
#include <sys/socket.h>

namespace claimcheck {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::deferred);
// The pause after a failed accept: without it the next one would fail at once, without end.
constexpr Duration accept_pause = std::chrono::milliseconds(100);

// Only addresses, and localhost: a name would have to be resolved, and may have several addresses.
Result<tcp::endpoint> parse_address(const std::string& address) {
  const std::size_t colon = std::min(address.rfind(':'), address.size());
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const auto [stop, wrong] = std::from_chars(std::min(address.data() + colon + 1, end), end, port);
  error_code unreadable;
  const asio::ip::address ip = asio::ip::make_address(host, unreadable);
  if (wrong != std::errc() || stop != end || unreadable) {
    // A port alone is refused: only its owner knows whether other machines may reach it.
    const std::string example = wrong == std::errc() && stop == end && host.empty() && port != 0
                                    ? fmt::to_string(port)
                                    : "8080";
    return fail(Errc::invalid,
                fmt::format("must be an IP address and a port: 127.0.0.1:{0}, or 0.0.0.0:{0} for "
                            "every address of this machine",
                            example));
  }
  return tcp::endpoint(ip, port);
}

// Lets several processes listen on one port; must be there before the bind.
error_code share_port(tcp::acceptor& acceptor) {
  const int on = 1;
  const int done = ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  return done == 0 ? error_code() : error_code(errno, boost::system::system_category());
}

}  // namespace

// Shared with its coroutines, which may end later than the HttpServer: their sockets notice the
// close later. They get it as a parameter, since a coroutine that has not begun holds nothing by
// itself.
struct HttpServer::State {
  tcp::acceptor acceptor;
  const Clock& clock;
  HttpServerLimits limits{};
  HttpHandler handler{};
  std::list<HttpConnection*> open{};
  bool stopping = false;

  // Closes one connection to make room for a new one. False = all are being served.
  bool drop_unserved();
  static asio::awaitable<void> accept_all(std::shared_ptr<State> state);
  static asio::awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket);
};

namespace {

// Keeps a connection in the list of open ones as long as this object lives.
struct Entry {
  std::list<HttpConnection*>& open;
  std::list<HttpConnection*>::iterator place;

  Entry(std::list<HttpConnection*>& list, HttpConnection& connection)
      : open(list), place(list.insert(list.end(), &connection)) {}
  ~Entry() { open.erase(place); }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
};

}  // namespace

asio::awaitable<void> HttpServer::State::serve(std::shared_ptr<State> state, tcp::socket socket) {
  HttpConnection connection(std::move(socket), state->clock, state->limits, state->handler);
  const Entry entry(state->open, connection);
  // The server was stopped after the accept, so the stop could not see this connection. Its request
  // is on its way.
  if (state->stopping) connection.stop();
  co_await connection.serve();
}

// A client that only holds sockets open must not keep the others out. The oldest connection is
// closed first: a new one has a request to send, and needs little time for it.
bool HttpServer::State::drop_unserved() {
  const auto oldest = std::ranges::find_if(open, &HttpConnection::unserved);
  if (oldest == open.end()) return false;
  (*oldest)->close();
  return true;
}

asio::awaitable<void> HttpServer::State::accept_all(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->acceptor.get_executor());
  bool failing = false;  // logged once, not for every attempt
  while (!state->stopping) {
    auto [failed, socket] = co_await state->acceptor.async_accept(no_throw);
    if (state->stopping && failed) co_return;  // the acceptor was closed under it
    const bool full = !failed && state->open.size() >= state->limits.connections;
    if ((failed || full) && !failing) {
      log_warn("accept_failed", {{"why", full ? "too many connections" : failed.message()},
                                 {"connections", state->open.size()}});
    }
    failing = failed || full;
    if (full && !state->drop_unserved()) continue;  // the socket closes
    if (failed) {  // most likely no descriptors are left; open connections give some back
      pause.expires_after(accept_pause);
      co_await pause.async_wait(no_throw);
      continue;
    }
    error_code ignored;
    // An answer is one write, so holding back its last packet would only delay it.
    socket.set_option(tcp::no_delay(true), ignored);
    asio::co_spawn(state->acceptor.get_executor(), serve(state, std::move(socket)), asio::detached);
  }
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() { close(); }

Result<void> HttpServer::check_address(const std::string& address) {
  const Result<tcp::endpoint> endpoint = parse_address(address);
  if (!endpoint) return fail(endpoint);
  return {};
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor,
                                                       const Clock& clock,
                                                       const std::string& address,
                                                       bool shared_port) {
  const Result<tcp::endpoint> endpoint = parse_address(address);
  if (!endpoint) {
    return fail(Errc::invalid,
                fmt::format("cannot listen on \"{}\": {}", address, endpoint.error().message));
  }
  tcp::acceptor acceptor(executor);
  error_code failed;
  acceptor.open(endpoint->protocol(), failed);
  // A restart need not wait until the kernel forgets the connections of the process before.
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && shared_port) failed = share_port(acceptor);
  if (!failed) acceptor.bind(*endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return fail(Errc::invalid, "cannot listen on " + address + ": " + failed.message());
  }
  auto state = std::make_shared<State>(std::move(acceptor), clock);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen_on(asio::any_io_executor executor,
                                                          const Clock& clock, int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  int listening = 0;
  socklen_t listening_size = sizeof listening;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) != 0 ||
      listening == 0 || (address.ss_family != AF_INET && address.ss_family != AF_INET6)) {
    return fail(Errc::invalid, "the descriptor that was inherited is no TCP socket that listens");
  }
  tcp::acceptor acceptor(executor);
  error_code failed;
  acceptor.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), socket, failed);
  if (failed) return fail(Errc::invalid, failed.message());
  auto state = std::make_shared<State>(std::move(acceptor), clock);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

int HttpServer::socket() const { return state_->acceptor.native_handle(); }

void HttpServer::serve(HttpServerLimits limits, HttpHandler handler) {
  ENSURE(!state_->handler);
  state_->limits = std::move(limits);
  state_->handler = std::move(handler);
  // Connections since listen() wait in the kernel; they are accepted now.
  asio::co_spawn(state_->acceptor.get_executor(), State::accept_all(state_), asio::detached);
}

std::uint16_t HttpServer::port() const {
  error_code closed;
  return state_->acceptor.local_endpoint(closed).port();
}

std::size_t HttpServer::connections() const { return state_->open.size(); }

void HttpServer::stop_accepting() {
  state_->stopping = true;
  error_code ignored;
  state_->acceptor.close(ignored);
  // Busy connections finish their answer; the owner waits for them and then calls close().
  for (HttpConnection* connection : state_->open) connection->stop();
}

void HttpServer::close() {
  stop_accepting();
  for (HttpConnection* connection : state_->open) connection->close();
}

}  // namespace claimcheck
