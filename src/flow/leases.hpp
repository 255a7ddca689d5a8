// Leases: the members that this process has leased from the work index and works on. It renews the
// lease of a slow pass, so that the order is neither leased a second time nor counted as one that
// stops its workers. A member that is woken and leased again while its pass runs gets another pass
// after that one. Owned by Fulfilment.
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
    Due due;             // with the score that `settle` compares
    bool again = false;  // it was woken meanwhile
  };
  Ended end(const std::string& member);

  // Renews each lease that has run for a third of its time. If Redis does not renew one, the next
  // call tries again.
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
