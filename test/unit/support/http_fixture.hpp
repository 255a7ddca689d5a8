// Both ends of HTTP over real loopback sockets, each on a free port, gone with its object.
//   LocalServer   an HttpServer on a thread of its own
//   RawPeer       a client that sends and reads exactly the bytes a test says
//   RawServer     a server that does the same: a script for each connection, on a thread
// What takes longer than the patience throws, so the test fails. Nothing here sleeps.
#pragma once

#include "net/http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace claimcheck::test {

class LocalServer {
 public:
  explicit LocalServer(HttpHandler handler, HttpServerLimits limits = {});
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path) const;
  // Calls it on the server's thread and returns what it returned.
  std::size_t ask(std::function<std::size_t(HttpServer&)> question);
  void stop_accepting();
  void stop_accepting_soon();  // without waiting for it
  // Waits until so many connections are open.
  bool has_connections(std::size_t count);

 private:
  RealClock clock_;
  boost::asio::io_context io_{1};
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port);
  explicit RawPeer(int accepted_socket);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void send(std::string_view bytes);
  void end_sending();
  // Up to and with the mark; throws when the other end closes before.
  std::string read_until(std::string_view mark);
  // One whole answer: header, and a body as long as its content-length says.
  std::string read_answer();
  // Everything until the other end closes.
  std::string read_all();
  // Whether anything (or the end) can be read within this time.
  bool readable(Duration within);
  bool closed();
  // The other end threw away what was sent to it.
  bool was_reset() const { return was_reset_; }

 private:
  bool read_more();

  int socket_;
  std::string read_;
  bool was_reset_ = false;
};

class RawServer {
 public:
  // `script` gets each connection and its number, from 1; the connection closes when it returns.
  explicit RawServer(std::function<void(RawPeer&, int)> script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url(const std::string& path, const std::string& scheme = "http") const;
  int connections() const { return connections_; }

 private:
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::jthread thread_;
};

// Asks again and again, for as long as the patience lasts.
bool eventually(const std::function<bool()>& question);

// A port of this machine where nobody listens.
std::uint16_t unused_port();

}  // namespace claimcheck::test
