// RequestParser: turns the bytes of one connection into one HttpRequest. Pure: no socket, no time,
// so a test can feed it anything in pieces of any size. It is strict where two readers could
// disagree about the end of a request (repeated or contradicting lengths, unknown transfer
// codings): such a request is refused, and the connection must be closed. Private to the server;
// its header includes no library of the network. One object per request.
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

  // Reads from the front, and returns the number of bytes that it has used. The rest must be given
  // again, with more bytes behind it. It stops after the header, so that limit_body() can follow,
  // and after the request.
  std::size_t feed(std::string_view bytes);
  void limit_body(std::size_t bytes_max);

  bool has_head() const;
  bool done() const;
  // The status of the refusal: 400, 413 or 431; 0 = the request is good so far.
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
