#include "net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "base/assert.hpp"

namespace claimcheck {

namespace asio = boost::asio;

namespace {

using Outcome = Result<HttpResponse>;
using Completion = asio::any_completion_handler<void(Outcome)>;

struct HeaderList {
  curl_slist* first = nullptr;
  ~HeaderList() { curl_slist_free_all(first); }
  void add(const std::string& line) { first = curl_slist_append(first, line.c_str()); }
};

// One request on its way, owned by the thread that drives libcurl.
struct Transfer {
  HttpCall call;
  Completion completion;
  asio::any_io_executor executor;
  asio::executor_work_guard<asio::any_io_executor> work;
  HeaderList headers;
  HttpResponse response;
  bool too_long = false;

  Transfer(HttpCall c, Completion done, const asio::any_io_executor& on)
      : call(std::move(c)), completion(std::move(done)), executor(on), work(on) {}
};

std::size_t take_body(char* data, std::size_t, std::size_t bytes, void* into) {
  auto& transfer = *static_cast<Transfer*>(into);
  if (transfer.response.body.size() + bytes > transfer.call.answer_bytes_max) {
    transfer.too_long = true;
    return 0;
  }
  transfer.response.body.append(data, bytes);
  return bytes;
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return copy;
}

std::size_t take_header(char* data, std::size_t, std::size_t bytes, void* into) {
  auto& transfer = *static_cast<Transfer*>(into);
  std::string_view line(data, bytes);
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();  // after a 100 Continue
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bytes;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
  transfer.response.headers.push_back({lower(line.substr(0, colon)), std::string(value)});
  return bytes;
}

// Until the connection stands nothing of the request can have reached the peer.
bool surely_not_sent(CURLcode code, CURL* easy) {
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
      code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
      code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_URL_MALFORMAT ||
      code == CURLE_UNSUPPORTED_PROTOCOL) {
    return true;
  }
  curl_off_t ready_us = 0;  // 0 = the connection was never ready to send
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
  return code == CURLE_OPERATION_TIMEDOUT && ready_us == 0;
}

void set_options(CURL* easy, Transfer& transfer) {
  const HttpCall& call = transfer.call;
  curl_easy_setopt(easy, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(call.timeout).count();
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  for (const HttpHeader& header : call.headers) {
    transfer.headers.add(header.name + ": " + header.value);
  }
  transfer.headers.add("Expect:");  // no round trip before a large body
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.first);
  if (call.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (call.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.data());
  }
  if (call.send_once) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  }
}

void complete(std::unique_ptr<Transfer> transfer, Outcome outcome) {
  const asio::any_io_executor executor = transfer->executor;
  asio::post(executor, [completion = std::move(transfer->completion),
                        outcome = std::move(outcome)]() mutable {
    std::move(completion)(std::move(outcome));
  });
}

}  // namespace

struct CurlClient::State {
  std::mutex mutex;
  std::vector<std::unique_ptr<Transfer>> inbox;  // protected by mutex
  bool stopping = false;                         // protected by mutex
  CURLM* multi = nullptr;                        // constant after construction
  std::map<CURL*, std::unique_ptr<Transfer>> active;  // the thread's own
  std::jthread thread;

  void run();
  void start_new();
  void finish_done();
  void end(CURL* easy, Outcome outcome);
};

void CurlClient::State::start_new() {
  std::vector<std::unique_ptr<Transfer>> fresh;
  {
    const std::scoped_lock lock(mutex);
    fresh.swap(inbox);
  }
  for (auto& transfer : fresh) {
    CURL* easy = curl_easy_init();
    ENSURE(easy != nullptr);
    set_options(easy, *transfer);
    active[easy] = std::move(transfer);
    ENSURE(curl_multi_add_handle(multi, easy) == CURLM_OK);
  }
}

void CurlClient::State::end(CURL* easy, Outcome outcome) {
  const auto found = active.find(easy);
  ENSURE(found != active.end());
  std::unique_ptr<Transfer> transfer = std::move(found->second);
  active.erase(found);
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  complete(std::move(transfer), std::move(outcome));
}

void CurlClient::State::finish_done() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    Transfer& transfer = *active.at(easy);
    if (code == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      transfer.response.status = static_cast<int>(status);
      end(easy, std::move(transfer.response));
    } else {
      const Errc kind = surely_not_sent(code, easy) ? Errc::not_sent : Errc::ambiguous;
      const char* why = transfer.too_long ? "the answer is too long" : curl_easy_strerror(code);
      end(easy, fail(kind, why));
    }
  }
}

void CurlClient::State::run() {
  constexpr int wait_max_ms = 1000;
  while (true) {
    {
      const std::scoped_lock lock(mutex);
      if (stopping) break;
    }
    start_new();
    int running = 0;
    curl_multi_perform(multi, &running);
    finish_done();
    curl_multi_poll(multi, nullptr, 0, wait_max_ms, nullptr);
  }
  start_new();
  while (!active.empty()) end(active.begin()->first, fail(Errc::ambiguous, "shutting down"));
}

CurlClient::CurlClient() : state_(std::make_shared<State>()) {
  ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  state_->multi = curl_multi_init();
  ENSURE(state_->multi != nullptr);
  state_->thread = std::jthread([state = state_.get()] { state->run(); });
}

CurlClient::~CurlClient() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stopping = true;
  }
  curl_multi_wakeup(state_->multi);
  state_->thread.join();
  curl_multi_cleanup(state_->multi);
  curl_global_cleanup();
}

boost::asio::awaitable<Result<HttpResponse>> CurlClient::send(HttpCall call) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto initiate = [state = state_](auto completion, HttpCall request,
                                         const asio::any_io_executor& on) {
    auto transfer = std::make_unique<Transfer>(std::move(request),
                                               Completion(std::move(completion)), on);
    {
      const std::scoped_lock lock(state->mutex);
      state->inbox.push_back(std::move(transfer));
    }
    curl_multi_wakeup(state->multi);
  };
  Result<HttpResponse> outcome =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(
          initiate, asio::use_awaitable, std::move(call), executor);
  co_return outcome;
}

}  // namespace claimcheck
