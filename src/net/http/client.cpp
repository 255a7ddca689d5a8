#include "net/http/client.hpp"

#include "net/http/body_pipe.hpp"
#include "net/http/curl_loop.hpp"
#include "net/http/transfer.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

// A line break in a value that anybody may have chosen would begin a new header, or a second
// request.
bool well_formed(const HttpCall& call) {
  constexpr std::string_view breaks("\r\n\0", 3);
  const auto breaks_line = [breaks](const std::string& text) {
    return text.find_first_of(breaks) != std::string::npos;
  };
  if (breaks_line(call.method) || breaks_line(call.url)) return false;
  return std::ranges::none_of(call.headers, [breaks_line](const HttpHeader& header) {
    return breaks_line(header.name) || breaks_line(header.value);
  });
}

}  // namespace

// One download, as its reader holds it: it ends with the last one who may read.
class CurlClient::Download {
 public:
  Download(const std::shared_ptr<CurlLoop>& loop, Duration patience)
      : loop_(loop), id_(loop->next_id()), patience_(patience) {}
  ~Download() { cancel("nobody reads it"); }
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  std::uint64_t id() const { return id_; }
  const std::shared_ptr<BodyPipe>& pipe() const { return pipe_; }
  // Ends the transfer when nothing comes for too long.
  asio::steady_timer limit(const asio::any_io_executor& executor) const;
  // `self` stays in the coroutine: the function that began it may be gone before it ends.
  static asio::awaitable<Result<std::string>> read(std::shared_ptr<Download> self);

 private:
  // Weak: a reader may live longer than the client.
  void cancel(const char* why) const {
    if (const auto alive = loop_.lock()) alive->cancel(id_, why);
  }

  std::weak_ptr<CurlLoop> loop_;
  std::uint64_t id_;
  Duration patience_;
  std::shared_ptr<BodyPipe> pipe_ = std::make_shared<BodyPipe>();
};

asio::steady_timer CurlClient::Download::limit(const asio::any_io_executor& executor) const {
  asio::steady_timer timer(executor, patience_);
  timer.async_wait([weak = loop_, id = id_](const boost::system::error_code& stopped) {
    const auto alive = weak.lock();
    if (!stopped && alive) alive->cancel(id, "Timeout was reached");
  });
  return timer;
}

asio::awaitable<Result<std::string>> CurlClient::Download::read(std::shared_ptr<Download> self) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const asio::steady_timer limited = self->limit(executor);
  const auto initiate = [self](auto handler, const asio::any_io_executor& on) {
    BodyPipe::Completion completion(std::move(handler));
    auto slot = asio::get_associated_cancellation_slot(completion);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr(self)](asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->cancel("cancelled");
      });
    }
    const bool paused = self->pipe_->take(std::move(completion), on);
    const auto loop = self->loop_.lock();
    if (paused && loop) loop->resume(self->id_);
  };
  Result<std::string> piece =
      co_await asio::async_initiate<const asio::deferred_t, void(BodyPipe::Outcome)>(
          initiate, asio::deferred, executor);
  co_return piece;
}

CurlClient::CurlClient(const asio::any_io_executor& executor)
    : loop_(std::make_shared<CurlLoop>(executor)) {}

CurlClient::~CurlClient() { loop_->stop(); }

// The answer of one transfer; of a download, its header.
asio::awaitable<Result<HttpResponse>> CurlClient::answer(std::shared_ptr<CurlLoop> loop,
                                                         std::uint64_t id, HttpCall call,
                                                         std::shared_ptr<BodyPipe> pipe) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto initiate = [loop, id, pipe](auto handler, HttpCall request,
                                         const asio::any_io_executor& on) {
    Transfer::Completion completion(std::move(handler));
    auto slot = asio::get_associated_cancellation_slot(completion);
    // Weak: a caller may be cancelled after the client is gone.
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr(loop), id](asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->cancel(id, "cancelled");
      });
    }
    loop->start(
        std::make_unique<Transfer>(id, std::move(request), std::move(completion), on, pipe));
  };
  Result<HttpResponse> outcome =
      co_await asio::async_initiate<const asio::deferred_t, void(Transfer::Outcome)>(
          initiate, asio::deferred, std::move(call), executor);
  co_return outcome;
}

asio::awaitable<Result<HttpResponse>> CurlClient::send(HttpCall call) {
  if (!well_formed(call)) co_return fail(Errc::invalid, "line break in a request header");
  co_return co_await answer(loop_, loop_->next_id(), std::move(call), nullptr);
}

asio::awaitable<Result<HttpDownload>> CurlClient::open(HttpCall call) {
  if (!well_formed(call)) co_return fail(Errc::invalid, "line break in a request header");
  // Made before the request: when this coroutine goes, the transfer goes as well.
  const auto download = std::make_shared<Download>(loop_, call.timeout);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const asio::steady_timer limited = download->limit(executor);
  Result<HttpResponse> header =
      co_await answer(loop_, download->id(), std::move(call), download->pipe());
  if (!header) co_return fail(header);
  co_return HttpDownload{.status = header->status,
                         .headers = std::move(header->headers),
                         .read = [download] { return Download::read(download); }};
}

}  // namespace claimcheck
