// Leases: what this process has taken from the work index and works on now. It prolongs the lease
// of slow work, so that an order that waits for a slow peer is neither taken a second time nor
// counted as one that kills its workers. A member that is taken again while it is under way, since
// it was woken, is looked at once more when its pass is over. Owned by Fulfilment.
#pragma once

#include "base/clock.hpp"
#include "store/work_queue.hpp"

#include <map>
#include <string>

namespace claimcheck {

class Leases {
 public:
  Leases(WorkQueue& queue, Clock& clock, Duration lease)
      : queue_(queue), clock_(clock), lease_(lease) {}

  // False: it is under way in this process already.
  bool begin(const Due& due);
  struct Ended {
    Due due;             // as `settle` wants it
    bool again = false;  // it was woken meanwhile
  };
  Ended end(const std::string& member);

  // What has waited for a third of its lease gets a whole one. What Redis does not prolong now is
  // tried again at the next call.
  boost::asio::awaitable<void> renew();

 private:
  struct Work {
    Due due;
    Duration renewed;  // steady
    bool again = false;
  };

  boost::asio::awaitable<void> renew(std::string member);

  WorkQueue& queue_;
  Clock& clock_;
  Duration lease_;
  std::map<std::string, Work> under_way_;
};

}  // namespace claimcheck
