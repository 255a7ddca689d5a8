// HttpConnection: one accepted socket and the requests that come over it, one after the other.
// Private to the server; its header includes no library of the network. It lives until its
// coroutine ends; the server can only ask it to stop. Its constructor's arguments outlive it.
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
  // Serves no further request. A connection that waits for one ends now.
  void stop();
  // True = it is open, and no whole request waits for its answer.
  bool unserved() const;
  // Closes the socket at once, also in the middle of an answer.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
