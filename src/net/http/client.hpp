// CurlClient: HttpClient over the network, by libcurl's multi interface on one thread of its own.
// Answers come back on the caller's executor. It verifies TLS, honours the usual proxy variables,
// and speaks only HTTP/1.1 over http and https. When the awaiting coroutine is cancelled, the
// request ends as failed: ambiguous if it may have been sent. The destructor does the same to every
// request under way, and ends the thread; the executors of its callers must outlive it.
#pragma once

#include "net/http/http.hpp"

#include <cstdint>
#include <memory>

namespace claimcheck {

class BodyPipe;

class CurlClient final : public HttpClient {
 public:
  CurlClient();
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override;
  boost::asio::awaitable<Result<HttpDownload>> open(HttpCall call) override;

 private:
  class Loop;
  class Download;
  static boost::asio::awaitable<Result<HttpResponse>> answer(std::shared_ptr<Loop> loop,
                                                             std::uint64_t id, HttpCall call,
                                                             std::shared_ptr<BodyPipe> pipe);
  std::shared_ptr<Loop> loop_;
};

}  // namespace claimcheck
