// HttpServer: HTTP/1.1 on TCP, with a limit on everything that a client can send. It parses, gives
// the request to one handler and writes the answer; it knows no routes. A request that breaks a
// limit is answered (400, 408, 413, 431), and the connection is closed. Several processes may
// listen on one port (SO_REUSEPORT). listen() comes first, so that the port is known to the parts
// that will answer; serve() follows when they exist, and connections wait until then. Owned by the
// composition root, which also drives the stop: stop_accepting(), wait until connections() is 0 or
// the patience is over, close(). Its time is the machine's, since sockets wait in real time.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http/http.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace claimcheck {

struct HttpServerLimits {
  std::size_t header_bytes = 16 * 1024;
  // Largest body for a route; asked before the body is read (0 = no body allowed).
  std::function<std::size_t(const HttpRequest& head)> body_bytes;
  Duration header_time = std::chrono::seconds(10);  // first byte to end of header
  Duration body_time = std::chrono::seconds(60);
  Duration idle_time = std::chrono::seconds(75);  // between two requests
  // The same once the server stops: a request that was sent before its client could know is served.
  Duration last_idle_time = std::chrono::seconds(1);
  // At this number a new connection closes the oldest one that has no whole request.
  std::size_t connections = 20'000;
};

// An answer with status 0 closes the connection without an answer (for tests of peers).
using HttpHandler = std::function<boost::asio::awaitable<HttpResponse>(HttpRequest)>;

class HttpServer {
 public:
  // Is it an address that listen() can read? Errors: invalid, with what to write instead.
  static Result<void> check_address(const std::string& address);
  // `address` is "host:port"; port 0 takes a free one. With `shared_port` other processes may
  // listen there as well. `clock` is the machine's, and outlives the executor's last task. Errors:
  // invalid, when the address is wrong or cannot be listened on.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::any_io_executor executor,
                                                    const Clock& clock, const std::string& address,
                                                    bool shared_port = false);
  // On a socket that listens already. Owns it from now on. Errors: invalid, when it does not.
  static Result<std::unique_ptr<HttpServer>> listen_on(boost::asio::any_io_executor executor,
                                                       const Clock& clock, int socket);
  // Of a server that serves nothing itself: the socket, for processes that it starts. It stays
  // ours.
  int socket() const;
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Called once. The objects that `limits` and `handler` use must outlive the server.
  void serve(HttpServerLimits limits, HttpHandler handler);
  std::uint16_t port() const;
  // Open connections, also idle ones.
  std::size_t connections() const;
  // No new connections; open ones get "Connection: close" with their next answer, idle ones end
  // after `last_idle_time`.
  void stop_accepting();
  // Closes every connection at once.
  void close();

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
