// CurlLoop: libcurl's multi interface on Asio's event loop. libcurl says which sockets it waits
// for, and when its next timeout is; this waits for both and tells it. The sockets are in an epoll
// set of their own, of which Asio sees one descriptor, so that a change of theirs costs one system
// call. Private to CurlClient, which owns it together with the coroutines that wait in it. It lives
// in the executor's thread.
#pragma once

#include "net/http/transfer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace claimcheck {

class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  explicit CurlLoop(const boost::asio::any_io_executor& executor);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  std::uint64_t next_id() { return ++last_id_; }
  void start(std::unique_ptr<Transfer> transfer);
  // Ends a transfer, unless it is over.
  void cancel(std::uint64_t id, const char* why);
  // A download that had to wait for its reader goes on.
  void resume(std::uint64_t id);
  // Ends all transfers, also those that are started later: a coroutine without an answer would
  // never resume.
  void stop();

 private:
  static int on_socket(void* easy, int socket, int what, void* self, void* known);
  static int on_timeout(void* multi, long after_ms, void* self);
  void wait_for_sockets();
  void serve_sockets();
  void serve(int socket, int events);
  void finish_done();
  std::unique_ptr<Transfer> remove(std::uint64_t id);

  std::uint64_t last_id_ = 0;
  void* multi_;  // CURLM*
  boost::asio::posix::stream_descriptor sockets_;
  boost::asio::steady_timer timeout_;
  std::map<std::uint64_t, std::unique_ptr<Transfer>> under_way_;
  bool waiting_ = false;  // for the sockets
  bool stopped_ = false;
};

}  // namespace claimcheck
