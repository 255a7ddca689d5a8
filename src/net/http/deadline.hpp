// Deadline: cancels the reads and writes of a socket when they take too long. The socket stays
// open, so that an answer can still be written. Setting it is cheap: the timer behind it is moved
// only when it would fire too late. When it fires too early, it checks again. `clock` is the
// machine's, since a socket waits in real time; it outlives the deadline. Private to the server.
// One per connection, which owns it together with the socket; same thread.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace claimcheck {

class Deadline : public std::enable_shared_from_this<Deadline> {
 public:
  Deadline(boost::asio::ip::tcp::socket& socket, const Clock& clock);
  void set(Duration from_now);
  void clear() { at_ = Duration::max(); }
  // True from the moment the waits were cancelled until it is set again.
  bool passed() const { return passed_; }

 private:
  void wait_until(Duration moment);
  void look();

  boost::asio::ip::tcp::socket& socket_;
  const Clock& clock_;
  boost::asio::steady_timer timer_;
  Duration at_ = Duration::max();        // by the clock's steady time
  Duration timer_at_ = Duration::max();  // max = it is not waiting
  bool passed_ = false;
};

}  // namespace claimcheck
