// CurlClient: HttpClient over the network, by libcurl on the executor's event loop, where all its
// callers run. It verifies TLS, honours the usual proxy variables, and speaks only HTTP/1.1 over
// http and https. When the awaiting coroutine is cancelled, the request ends as failed: ambiguous
// if it may have been sent. The destructor does the same to every request under way; the executor
// must outlive it.
#pragma once

#include "net/http/http.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace claimcheck {

class BodyPipe;
class CurlLoop;

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(const boost::asio::any_io_executor& executor);
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override;
  boost::asio::awaitable<Result<HttpDownload>> open(HttpCall call) override;

 private:
  class Download;
  static boost::asio::awaitable<Result<HttpResponse>> answer(std::shared_ptr<CurlLoop> loop,
                                                             std::uint64_t id, HttpCall call,
                                                             std::shared_ptr<BodyPipe> pipe);
  std::shared_ptr<CurlLoop> loop_;
};

}  // namespace claimcheck
