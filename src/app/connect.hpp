// StoreConnection: from the configuration to a store that answers: the embedded Redis if no other
// is named, the connection, the first look at the server. Movable, owns all three. The embedded
// child is tied to the main thread; open() belongs there. `machine` is the machine's clock, by
// which sockets and the child wait; it outlives the connection and the executor's last task.
#pragma once

#include "app/redis_checks.hpp"
#include "config/config.hpp"
#include "net/redis/process.hpp"
#include "net/redis/redis.hpp"
#include "store/redis/store.hpp"

#include <memory>

namespace claimcheck {

class StoreConnection {
 public:
  // For the server: starts the embedded child when no REDIS_URL is set.
  static Result<StoreConnection> open(boost::asio::any_io_executor executor, const Clock& machine,
                                      const Config& config);
  // For the command line: uses a serving child, or starts one for its own run if there is data.
  static Result<StoreConnection> open_for_reading(boost::asio::any_io_executor executor,
                                                  const Clock& machine, const Config& config);

  // Waits for the connection; not_sent with the reason when it does not come.
  boost::asio::awaitable<Result<void>> connected(Clock& clock);
  // Waits for the connection, reads the layout's description. Before anything else.
  boost::asio::awaitable<Result<void>> prepare(Clock& clock, const Config& config);
  // Whether this Redis is fit to serve on; from now on writes are answered as its verdict says.
  boost::asio::awaitable<Result<RedisVerdict>> examine(Clock& clock, const Config& config);
  // After that: waits until the connection for acknowledged writes is there, if one is demanded,
  // or the first orders would be turned away. Not for ever: without it they are.
  boost::asio::awaitable<void> writes_taken(Clock& clock);
  Store& store();
  Redis& redis();
  // Where it is, for people; without the password.
  const std::string& place() const;
  // Which Redis it is; not_found while claimcheck has never used it. Writes nothing.
  boost::asio::awaitable<Result<std::string>> epoch();
  // False once the embedded child has ended by itself; true when there is none of ours.
  bool serving() const;
  void stop();

 private:
  StoreConnection(boost::asio::any_io_executor executor, const Clock& machine, RedisAddress address,
                  std::unique_ptr<RedisProcess> process, const StoreLimits& limits);

  std::string place_;
  std::unique_ptr<RedisProcess> process_;
  std::unique_ptr<Redis> redis_;
  std::unique_ptr<RedisStore> store_;
};

}  // namespace claimcheck
