// CurlClient: HttpClient over the network, by libcurl's multi interface on one thread of its own;
// answers come back on the caller's executor. Verifies TLS, honours the usual proxy variables,
// follows no redirect, speaks only http and https. Cancelling the awaiting coroutine drops the
// answer, not necessarily the request. The destructor ends the thread.
#pragma once

#include <memory>

#include "net/http.hpp"

namespace claimcheck {

class CurlClient final : public HttpClient {
 public:
  CurlClient();
  ~CurlClient() override;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
