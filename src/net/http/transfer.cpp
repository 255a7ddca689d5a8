#include "net/http/transfer.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "net/curl_options.hpp"
#include "net/http/body_pipe.hpp"
#include "net/http/public_address.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

constexpr std::size_t header_bytes_max = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = std::min(text.find_first_not_of(blank), text.size());
  const std::size_t end = text.find_last_not_of(blank) + 1;  // npos + 1 = 0
  return text.substr(first, end > first ? end - first : 0);
}

}  // namespace

Transfer::Transfer(std::uint64_t id, HttpCall call, Completion completion,
                   const asio::any_io_executor& executor, std::shared_ptr<BodyPipe> pipe)
    : id_(id),
      call_(std::move(call)),
      completion_(std::move(completion)),
      pipe_(std::move(pipe)),
      executor_(executor),
      easy_(curl_easy_init()),
      header_list_(std::make_unique<CurlList>()) {
  ENSURE(easy_ != nullptr);
  set_options();
  set_method();
  set_headers();
  set_signature();
}

Transfer::~Transfer() { curl_easy_cleanup(easy_); }

void Transfer::set_options() {
  using std::chrono::milliseconds;
  const auto timeout = std::max(std::chrono::ceil<milliseconds>(call_.timeout), milliseconds(1));
  set_text(easy_, CURLOPT_URL, call_.url);  // a wrong URL fails when it is used
  set_option(easy_, CURLOPT_PRIVATE, static_cast<void*>(this));
  set_option(easy_, CURLOPT_NOSIGNAL, 1L);
  set_option(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  // HTTP/1.1: a request does not share its connection, so no other request can break it.
  set_option(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set_option(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(easy_, CURLOPT_QUICK_EXIT,
             1L);  // a name server that hangs must not block other requests
  // A download has its time anew for each piece; whoever waits for one keeps it.
  if (!pipe_) set_option(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set_option(easy_, CURLOPT_PREREQFUNCTION, &Transfer::before_request);
  set_option(easy_, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set_option(easy_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  set_option(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_option(easy_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  set_option(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set_option(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Without a directory beside its file of authorities libcurl reads the file once a day, else for
  // each connection, which takes the event loop 20 ms.
  set_option(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  set_option(easy_, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  // libcurl repeats a request by itself when a reused connection turns out dead.
  if (call_.send_once) {
    set_option(easy_, CURLOPT_FRESH_CONNECT, 1L);
    set_option(easy_, CURLOPT_FORBID_REUSE, 1L);
  }
}

void Transfer::set_method() {
  if (call_.method == "HEAD") return set_option(easy_, CURLOPT_NOBODY, 1L);
  if (call_.method == "GET" && call_.body.empty()) return;
  set_option(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
  set_option(easy_, CURLOPT_POSTFIELDS, call_.body.data());
  set_option(easy_, CURLOPT_CUSTOMREQUEST, call_.method.c_str());
}

void Transfer::set_headers() {
  const auto add = [this](const std::string& line) { header_list_->add(line); };
  for (const HttpHeader& header : call_.headers) {
    add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  const auto is_type = [](const HttpHeader& header) {
    return lowercase(header.name) == "content-type";
  };
  const bool typed = std::ranges::any_of(call_.headers, is_type);
  if (call_.signed_with) {
    // libcurl 7.88 signs a host without its port, and no digest of the body, unless it is told. It
    // also signs the empty headers that only keep it from sending its own.
    add("Host: " + std::string(url_authority(call_.url)));
    add("x-amz-content-sha256: " + sha256_hex(call_.body));
    if (!typed && call_.method != "GET" && call_.method != "HEAD") {
      add("Content-Type: application/octet-stream");
    }
    set_option(easy_, CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
  } else {
    add("Expect:");                    // no round trip before a large body
    if (!typed) add("Content-Type:");  // libcurl must not guess one
  }
  set_option(easy_, CURLOPT_HTTPHEADER, header_list_->lines());
}

void Transfer::set_signature() {
  if (!call_.signed_with) return;
  const StorageKey& key = *call_.signed_with;
  set_text(easy_, CURLOPT_AWS_SIGV4, "aws:amz:" + key.region + ":s3");
  set_text(easy_, CURLOPT_USERNAME, key.id);
  set_text(easy_, CURLOPT_PASSWORD, key.secret.reveal());
}

// libcurl calls this when it is connected (TLS and proxy included) and no byte of the request was
// written. This is the exact border between not_sent and ambiguous.
int Transfer::before_request(void* self, char* peer_ip, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.call_.public_only && !is_public_address(peer_ip)) return CURL_PREREQFUNC_ABORT;
  transfer.going_out_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::take_body(char* data, std::size_t, std::size_t bytes, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.pipe_) {
    return transfer.pipe_->put({data, bytes}) ? bytes : std::size_t{CURL_WRITEFUNC_PAUSE};
  }
  std::string& body = transfer.response_.body;
  transfer.too_long_ = bytes > transfer.call_.answer_bytes_max - body.size();
  if (transfer.too_long_) return 0;
  body.append(data, bytes);
  return bytes;
}

std::size_t Transfer::take_header(char* data, std::size_t, std::size_t bytes, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.completion_) return bytes;  // after the body of a download; nobody reads them
  transfer.header_bytes_ += bytes;
  transfer.too_long_ = transfer.header_bytes_ > header_bytes_max;
  if (transfer.too_long_) return 0;
  const std::string_view line(data, bytes);
  HttpHeaders& headers = transfer.response_.headers;
  if (line.starts_with("HTTP/")) {
    headers.clear();  // the headers so far were those of a 1xx answer
    transfer.header_ended_ = false;
    return bytes;
  }
  if (trimmed(line).empty()) {
    transfer.header_ended_ = true;
    if (transfer.pipe_ && transfer.status() >= 200) transfer.give_header();
    return bytes;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bytes;
  headers.push_back(
      {lowercase(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
  return bytes;
}

Transfer::Outcome Transfer::outcome(int curl_code) {
  const auto code = static_cast<CURLcode>(curl_code);
  const bool cut = too_long_ && header_ended_ && call_.cut_answer;
  if (code != CURLE_OK && !cut) {
    return abandoned(too_long_ ? "the answer is too long" : curl_easy_strerror(code));
  }
  // libcurl reports an answer that breaks off within its header as one without a body.
  if (!header_ended_) return abandoned("the answer broke off");
  response_.status = status();
  return std::move(response_);
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

Transfer::Outcome Transfer::abandoned(const char* why) const {
  return fail(going_out_ ? Errc::ambiguous : Errc::not_sent, why);
}

void Transfer::resume() { curl_easy_pause(easy_, CURLPAUSE_CONT); }

// Posted: libcurl is in the middle of its own work, and the caller may want more of it.
void Transfer::give_header() {
  response_.status = status();
  asio::post(executor_, [completion = std::exchange(completion_, nullptr),
                         answer = std::move(response_)]() mutable {
    std::move(completion)(std::move(answer));
  });
}

void Transfer::complete(std::unique_ptr<Transfer> transfer, Outcome outcome) {
  if (!transfer->completion_) {
    transfer->pipe_->end(outcome ? std::nullopt : std::optional(std::move(outcome.error())));
    return;
  }
  const asio::any_io_executor executor = transfer->executor_;
  asio::post(executor, [completion = std::move(transfer->completion_),
                        outcome = std::move(outcome)]() mutable {
    std::move(completion)(std::move(outcome));
  });
}

}  // namespace claimcheck
