// StatusCache: orders as their buyers see them, kept rendered while Redis announces every write of
// a session value. An answer is never older than its question: each question waits until the
// announcements of the past are in (RedisCatchUp), and reads Redis when the order was among them.
// So what any program has had an acknowledgement of, or any reader has seen, is in the answer.
// Without announcements each question reads Redis. When there are too many bytes, the oldest answer
// that was not used for one round of this is dropped. It lives in one thread. Owned by the
// composition root.
#pragma once

#include "api/status_answer.hpp"
#include "store/session_bytes.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace claimcheck {

struct StatusCacheLimits {
  std::size_t bytes = 32 * 1024 * 1024;   // of all answers, with what it costs to keep them
  std::size_t order_bytes = 1024 * 1024;  // a longer answer is not kept
};

class StatusCache {
 public:
  using Shown = std::shared_ptr<const OrderStatus>;
  // False = announcements may be missing.
  using CatchUp = std::function<boost::asio::awaitable<bool>()>;

  StatusCache(boost::asio::any_io_executor executor, SessionValues& sessions, CatchUp catch_up,
              StatusCacheLimits limits = {});
  StatusCache(const StatusCache&) = delete;
  StatusCache& operator=(const StatusCache&) = delete;

  // Errors: the store's; not_found; unreadable.
  Async<Shown> order(std::string session_id);

  // The session value of this order was written, or vanished.
  void changed(std::string_view session_id);
  // Whether changed() is called from now on. What was kept before this moment is dropped.
  void told(bool now);
  // Of what is kept.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::string session_id;
    Shown order;
    bool used = false;  // since it was last looked at for being dropped
    bool dropped = false;
  };
  using Queue = std::list<std::shared_ptr<Kept>>;
  struct Reading;

  std::shared_ptr<Kept> kept(const std::string& session_id);
  Async<Shown> read(std::string session_id);
  void keep(const std::string& session_id, Shown order);
  void make_room();
  void drop(Queue::iterator which);

  boost::asio::any_io_executor executor_;
  SessionValues& sessions_;
  CatchUp catch_up_;
  StatusCacheLimits limits_;
  Queue queue_{};  // the next one to be dropped first
  std::unordered_map<std::string_view, Queue::iterator> places_{};
  std::unordered_map<std::string, std::shared_ptr<Reading>> readings_{};
  std::size_t bytes_ = 0;
  bool told_ = false;
};

}  // namespace claimcheck
