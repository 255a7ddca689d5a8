#include "net/http/deadline.hpp"

namespace claimcheck {

Deadline::Deadline(boost::asio::ip::tcp::socket& socket)
    : socket_(socket), timer_(socket.get_executor()) {}

void Deadline::set(Duration from_now) {
  passed_ = false;
  at_ = RealClock().steady() + from_now;
  if (at_ < timer_at_) wait_until(at_);
}

void Deadline::wait_until(Duration moment) {
  timer_at_ = moment;
  timer_.expires_at(std::chrono::steady_clock::time_point(moment));
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& moved) {
    const std::shared_ptr<Deadline> self = weak.lock();
    if (self && !moved) self->look();
  });
}

void Deadline::look() {
  timer_at_ = Duration::max();
  if (at_ == Duration::max()) return;
  if (RealClock().steady() < at_) return wait_until(at_);
  passed_ = true;
  at_ = Duration::max();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace claimcheck
