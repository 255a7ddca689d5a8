#include "base/signal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace claimcheck {

Signal::Signal(const boost::asio::any_io_executor& executor) : timer_(executor) {}

boost::asio::awaitable<void> Signal::wait(Duration limit) {
  timer_.expires_after(limit);
  // Rung and timed out end in the same way: the caller checks its condition in either case.
  co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
}

void Signal::ring() { timer_.cancel(); }

}  // namespace claimcheck
