#include "net/http/deadline.hpp"

namespace claimcheck {

Deadline::Deadline(boost::asio::ip::tcp::socket& socket, const Clock& clock)
    : socket_(socket), clock_(clock), timer_(socket.get_executor()) {}

void Deadline::set(Duration from_now) {
  passed_ = false;
  at_ = clock_.steady() + from_now;
  // A timer that fires earlier checks again by itself. Moving it for each read would cost more.
  if (at_ < timer_at_) wait_until(at_);
}

void Deadline::wait_until(Duration moment) {
  timer_at_ = moment;
  timer_.expires_after(moment - clock_.steady());
  // Weak: the timer of a closed connection must not keep the socket.
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& moved) {
    const std::shared_ptr<Deadline> self = weak.lock();
    if (self && !moved) self->look();
  });
}

void Deadline::look() {
  timer_at_ = Duration::max();
  if (at_ == Duration::max()) return;                 // cleared meanwhile
  if (clock_.steady() < at_) return wait_until(at_);  // it was moved since
  passed_ = true;
  at_ = Duration::max();
  boost::system::error_code ignored;
  // Cancelled, not closed: the server still answers 408.
  socket_.cancel(ignored);
}

}  // namespace claimcheck
