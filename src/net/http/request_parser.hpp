// RequestParser: the bytes of one connection in, one HttpRequest out. Pure: no socket, no time, so
// a test can feed it anything in pieces of any size. Strict where two readers of the same bytes
// could disagree about where a request ends (repeated or contradicting lengths, unknown transfer
// codings): such a request is refused, and the connection must be closed. Private to the server;
// its header shows no wire library. One object per request.
#pragma once

#include "net/http/http.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace claimcheck {

class RequestParser {
 public:
  // A longer header is refused.
  explicit RequestParser(std::size_t header_bytes_max);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Reads from the front and returns how many bytes it is through with; the others must come
  // again with more behind them. Stops after the header, so that limit_body() can follow, and
  // after the request.
  std::size_t feed(std::string_view bytes);
  void limit_body(std::size_t bytes_max);

  bool has_head() const;
  bool done() const;
  // The status to answer a request with that is not to be served: 400, 413, 431; 0 = none.
  int refusal() const;

  // Once has_head():
  bool keep_alive() const;
  bool expects_continue() const;  // the peer waits for "100 Continue" before it sends the body
  HttpRequest& request();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
