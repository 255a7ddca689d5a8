#include "net/http/client.hpp"

#include "base/assert.hpp"
#include "net/http/body_pipe.hpp"
#include "net/http/transfer.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
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

// The thread that drives libcurl, and the inbox through which other threads reach it. From start()
// on a transfer belongs to this thread, so only the inbox needs a lock.
class CurlClient::Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // From any thread.
  std::uint64_t next_id() { return ++last_id_; }
  void start(std::unique_ptr<Transfer> transfer);
  void cancel(std::uint64_t id, const char* why);
  void resume(std::uint64_t id);
  void stop();

 private:
  struct Cancelled {
    std::uint64_t id;
    const char* why;
  };
  struct Inbox {
    std::vector<std::unique_ptr<Transfer>> started;
    std::vector<std::uint64_t> resumed;
    std::vector<Cancelled> cancelled;
    bool stopping = false;
  };

  void run();
  Inbox take_inbox();
  void begin(std::unique_ptr<Transfer> transfer);
  void go_on(std::uint64_t id);
  void finish_done();
  void abandon(std::uint64_t id, const char* why);
  std::unique_ptr<Transfer> remove(std::uint64_t id);

  std::atomic<std::uint64_t> last_id_ = 0;
  std::mutex mutex_;
  Inbox inbox_;                                                   // protected by mutex_
  CURLM* multi_;                                                  // constant after construction
  std::map<std::uint64_t, std::unique_ptr<Transfer>> under_way_;  // the thread's own
  std::jthread thread_;                                           // last: needs the others
};

CurlClient::Loop::Loop() {
  ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  multi_ = curl_multi_init();
  ENSURE(multi_ != nullptr);
  thread_ = std::jthread([this] { run(); });
}

// Coroutines that wait in send() may hold the loop for longer than the client exists; stop() has
// ended the thread by then.
CurlClient::Loop::~Loop() {
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

void CurlClient::Loop::start(std::unique_ptr<Transfer> transfer) {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.started.push_back(std::move(transfer));
  }
  curl_multi_wakeup(multi_);
}

void CurlClient::Loop::cancel(std::uint64_t id, const char* why) {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.cancelled.push_back({id, why});
  }
  curl_multi_wakeup(multi_);
}

void CurlClient::Loop::resume(std::uint64_t id) {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.resumed.push_back(id);
  }
  curl_multi_wakeup(multi_);
}

void CurlClient::Loop::stop() {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.stopping = true;
  }
  curl_multi_wakeup(multi_);
  thread_.join();
}

CurlClient::Loop::Inbox CurlClient::Loop::take_inbox() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(inbox_, Inbox());
}

void CurlClient::Loop::run() {
  constexpr int wait_max_ms = 10'000;  // libcurl's own timers and wake-ups end the wait earlier
  for (bool stopping = false; !stopping;) {
    // Starts before cancellations: both may have arrived in one round, and a transfer must be known
    // before it can be cancelled.
    Inbox inbox = take_inbox();
    stopping = inbox.stopping;
    for (auto& transfer : inbox.started) begin(std::move(transfer));
    for (const std::uint64_t id : inbox.resumed) go_on(id);
    for (const Cancelled& cancelled : inbox.cancelled) abandon(cancelled.id, cancelled.why);
    if (stopping) break;
    int running = 0;
    curl_multi_perform(multi_, &running);
    finish_done();
    curl_multi_poll(multi_, nullptr, 0, wait_max_ms, nullptr);
  }
  // Each caller gets an answer, also at the end: a coroutine without one would never resume.
  while (!under_way_.empty()) abandon(under_way_.begin()->first, "shutting down");
}

void CurlClient::Loop::begin(std::unique_ptr<Transfer> transfer) {
  ENSURE(curl_multi_add_handle(multi_, transfer->easy()) == CURLM_OK);
  const std::uint64_t id = transfer->id();
  under_way_.emplace(id, std::move(transfer));
}

std::unique_ptr<Transfer> CurlClient::Loop::remove(std::uint64_t id) {
  const auto found = under_way_.find(id);
  if (found == under_way_.end()) return nullptr;
  std::unique_ptr<Transfer> transfer = std::move(found->second);
  under_way_.erase(found);
  // Removed before the transfer is destroyed: libcurl must not hold a freed handle.
  curl_multi_remove_handle(multi_, transfer->easy());
  return transfer;
}

void CurlClient::Loop::go_on(std::uint64_t id) {
  const auto found = under_way_.find(id);
  if (found != under_way_.end()) found->second->resume();
}

void CurlClient::Loop::finish_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Transfer* done = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &done);
    std::unique_ptr<Transfer> transfer = remove(done->id());
    ENSURE(transfer != nullptr);
    Transfer::Outcome outcome = transfer->outcome(code);
    Transfer::complete(std::move(transfer), std::move(outcome));
  }
}

// A cancellation may come too late: the transfer is done, and its answer is on its way back.
void CurlClient::Loop::abandon(std::uint64_t id, const char* why) {
  std::unique_ptr<Transfer> transfer = remove(id);
  if (transfer == nullptr) return;
  Transfer::Outcome outcome = transfer->abandoned(why);
  Transfer::complete(std::move(transfer), std::move(outcome));
}

// One download, as its reader holds it: it ends with the last one who may read.
class CurlClient::Download {
 public:
  Download(const std::shared_ptr<Loop>& loop, Duration patience)
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

  std::weak_ptr<Loop> loop_;
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
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(BodyPipe::Outcome)>(
          initiate, asio::use_awaitable, executor);
  co_return piece;
}

CurlClient::CurlClient() : loop_(std::make_shared<Loop>()) {}

CurlClient::~CurlClient() { loop_->stop(); }

// The answer of one transfer; of a download, its header.
asio::awaitable<Result<HttpResponse>> CurlClient::answer(std::shared_ptr<Loop> loop,
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
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Transfer::Outcome)>(
          initiate, asio::use_awaitable, std::move(call), executor);
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
