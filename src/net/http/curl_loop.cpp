#include "net/http/curl_loop.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"

#include <boost/asio/post.hpp>
#include <curl/curl.h>

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <utility>

namespace claimcheck {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int events_max = 64;  // of one look; the others come with the next

int new_epoll_set() {
  const int set = epoll_create1(EPOLL_CLOEXEC);
  ENSURE(set >= 0);
  return set;
}

}  // namespace

CurlLoop::CurlLoop(const asio::any_io_executor& executor)
    : sockets_(executor, new_epoll_set()), timeout_(executor) {
  ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  multi_ = curl_multi_init();
  ENSURE(multi_ != nullptr);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timeout);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

void CurlLoop::start(std::unique_ptr<Transfer> transfer) {
  if (stopped_) {
    Transfer::Outcome outcome = transfer->abandoned("shutting down");
    return Transfer::complete(std::move(transfer), std::move(outcome));
  }
  ENSURE(curl_multi_add_handle(multi_, transfer->easy()) == CURLM_OK);
  const std::uint64_t id = transfer->id();
  under_way_.emplace(id, std::move(transfer));
  wait_for_sockets();
}

// It may come too late: the transfer is done, and its answer is on its way back.
void CurlLoop::cancel(std::uint64_t id, const char* why) {
  std::unique_ptr<Transfer> transfer = remove(id);
  if (transfer == nullptr) return;
  Transfer::Outcome outcome = transfer->abandoned(why);
  Transfer::complete(std::move(transfer), std::move(outcome));
}

void CurlLoop::resume(std::uint64_t id) {
  const auto found = under_way_.find(id);
  if (found != under_way_.end()) found->second->resume();
}

void CurlLoop::stop() {
  stopped_ = true;
  while (!under_way_.empty()) cancel(under_way_.begin()->first, "shutting down");
}

std::unique_ptr<Transfer> CurlLoop::remove(std::uint64_t id) {
  const auto found = under_way_.find(id);
  if (found == under_way_.end()) return nullptr;
  std::unique_ptr<Transfer> transfer = std::move(found->second);
  under_way_.erase(found);
  // Removed before the transfer is destroyed: libcurl must not hold a freed handle.
  curl_multi_remove_handle(multi_, transfer->easy());
  if (under_way_.empty()) sockets_.cancel();  // a wait for nothing would keep the executor running
  return transfer;
}

// libcurl tells of each change of what it waits for at a socket. `known` is what was assigned to
// it: null for a new one.
int CurlLoop::on_socket(void*, int socket, int what, void* self, void* known) {
  auto& loop = *static_cast<CurlLoop*>(self);
  const int set = loop.sockets_.native_handle();
  epoll_event event{};
  event.data.fd = socket;
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(set, EPOLL_CTL_DEL, socket, &event);  // a closed one is gone by itself
    return 0;
  }
  if (known == nullptr) curl_multi_assign(loop.multi_, socket, self);
  // Without it the transfer would end only with its time.
  if (epoll_ctl(set, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0) {
    log_error("http_socket_not_watched", {{"errno", errno}});
  }
  return 0;
}

int CurlLoop::on_timeout(void*, long after_ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.timeout_.cancel();
  const auto time_out = [weak = loop.weak_from_this()](const error_code& cancelled) {
    const auto alive = weak.lock();
    if (cancelled || !alive) return;
    alive->serve(CURL_SOCKET_TIMEOUT, 0);
    alive->finish_done();
  };
  if (after_ms > 0) {
    loop.timeout_.expires_after(std::chrono::milliseconds(after_ms));
    loop.timeout_.async_wait(time_out);
  } else if (after_ms == 0) {  // each transfer begins so; a timer would cost a system call
    asio::post(loop.timeout_.get_executor(), [time_out] { time_out(error_code()); });
  }
  return 0;
}

void CurlLoop::wait_for_sockets() {
  if (under_way_.empty() || std::exchange(waiting_, true)) return;
  sockets_.async_wait(sockets_.wait_read, [weak = weak_from_this()](const error_code& cancelled) {
    const auto alive = weak.lock();
    if (!alive) return;
    alive->waiting_ = false;
    if (!cancelled) alive->serve_sockets();
    alive->wait_for_sockets();
  });
}

void CurlLoop::serve_sockets() {
  std::array<epoll_event, events_max> ready{};
  const int count = epoll_wait(sockets_.native_handle(), ready.data(), events_max, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& one = ready.at(static_cast<std::size_t>(i));
    int events = 0;
    // An error is read from the socket, behind the bytes that came before it.
    if ((one.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) events |= CURL_CSELECT_IN;
    if ((one.events & (EPOLLOUT | EPOLLERR)) != 0) events |= CURL_CSELECT_OUT;
    serve(one.data.fd, events);
  }
  finish_done();
}

void CurlLoop::serve(int socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
}

void CurlLoop::finish_done() {
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

}  // namespace claimcheck
