// HttpConnection: one accepted socket and the requests that come over it, one after the other.
// Private to the server; its header shows no wire library. Lives until its coroutine ends; the
// server only asks it to stop. What it is constructed with outlives it.
#pragma once

#include "net/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace claimcheck {

class HttpConnection {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, const Clock& clock,
                 const HttpServerLimits& limits, const HttpHandler& handler);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  boost::asio::awaitable<void> serve();
  // No further request; a connection that waits for one ends now.
  void stop();
  // It has no whole request that waits for its answer, and was not closed.
  bool unserved() const;
  // Ends whatever it does.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
