// CurlClient: HttpClient over the network, by libcurl's multi interface on one thread of its own;
// answers come back on the caller's executor. Verifies TLS, honours the usual proxy variables,
// speaks only HTTP/1.1 over http and https. Cancelling the awaiting coroutine ends the request,
// which then counts as failed: ambiguous if it may have gone out. The destructor does the same to
// everything under way and ends the thread; the executors of its callers must outlive it.
#pragma once

#include "net/http/http.hpp"

#include <memory>

namespace claimcheck {

class CurlClient final : public HttpClient {
 public:
  CurlClient();
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override;

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace claimcheck
