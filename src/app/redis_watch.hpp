// RedisWatch: whether the Redis that a server uses is fit for new orders, examined at the start and
// then every few seconds. A Redis that may lose orders is not given new ones; those that it has go
// on. Findings are logged when they change. Follows Redis' clock. Owned by the service, borrows the
// connection.
#pragma once

#include "app/connect.hpp"

#include <string>

namespace claimcheck {

class RedisWatch {
 public:
  // `machine` is this machine's clock, `clock` is made to follow Redis' time.
  RedisWatch(StoreConnection& store, Clock& machine, FollowingClock& clock, const Config& config)
      : store_(store), machine_(machine), clock_(clock), config_(config) {}

  // Waits for the connection as long as it takes, reads the description and examines the server.
  // Errors: why this Redis must not be served on.
  boost::asio::awaitable<Result<void>> prepare();
  // Returns when the embedded Redis has ended by itself; with another one never.
  boost::asio::awaitable<void> run();
  // Whether this Redis gets new orders, or why it does not.
  const Result<void>& usable() const { return usable_; }

 private:
  boost::asio::awaitable<void> examine();
  void refuse(const Error& why);
  void log_findings(const RedisVerdict& verdict);

  StoreConnection& store_;
  Clock& machine_;
  FollowingClock& clock_;
  const Config& config_;
  Result<void> usable_;
  std::string last_summary_;  // of the findings that were logged last
};

}  // namespace claimcheck
