// StoreConnection: from the configuration to a store that answers: the embedded Redis if no other
// one is named, the connection, and the first check of the server. Movable, owns all three. The
// embedded child is tied to the main thread, so open() must be called there. `machine` is the
// machine's clock, by which sockets and the child wait; it must outlive the connection and the
// executor's last task.
#pragma once

#include "app/redis_checks.hpp"
#include "config/config.hpp"
#include "net/redis/process.hpp"
#include "net/redis/redis.hpp"
#include "store/redis/store.hpp"

#include <memory>

namespace claimcheck {

inline constexpr Duration awaited_again = std::chrono::minutes(1);

class StoreConnection {
 public:
  // For the server: starts the embedded child when no REDIS_URL is set. Errors: the child does not
  // start, or the address is unreadable.
  static Result<StoreConnection> open(boost::asio::any_io_executor executor, const Clock& machine,
                                      const Config& config);
  // For the command line: uses the child of a running server, or starts one for this run if there
  // is data. Errors: as open(); not_found when there is no data directory.
  static Result<StoreConnection> open_for_reading(boost::asio::any_io_executor executor,
                                                  const Clock& machine, const Config& config);

  // Waits for the connection. Errors: not_sent, with the reason: at once when the first attempt has
  // failed, later for a Redis that still loads its data, and for a child of ours.
  boost::asio::awaitable<Result<void>> connected(Clock& clock);
  // For the server, which may start before its Redis: waits without end, and logs what it waits for
  // at once and then every `awaited_again`. Returns early when the embedded child has ended.
  boost::asio::awaitable<void> awaited(Clock& clock);
  // Waits for the connection, then reads the layout's description; a new Redis gets one. To be
  // called before anything else. Errors: as connected(), or the store's.
  boost::asio::awaitable<Result<void>> prepare(Clock& clock, const Config& config);
  // Is this Redis fit to serve on? From now on writes are answered as the verdict demands. Errors:
  // Redis does not answer.
  boost::asio::awaitable<Result<RedisVerdict>> examine(Clock& clock, const Config& config);
  // To be called after examine(): waits for the connection for acknowledged writes, if one is
  // demanded. Otherwise the first orders would be refused. It gives up after a while; then they are
  // refused.
  boost::asio::awaitable<void> writes_taken(Clock& clock);
  Store& store();
  Redis& redis();
  // The address of Redis, for people, without the password.
  const std::string& place() const;
  // The id of this Redis. Writes nothing. Errors: not_found if claimcheck has never used it, or the
  // store's.
  boost::asio::awaitable<Result<std::string>> epoch();
  // False once the embedded child has ended by itself; true when there is none of ours.
  bool serving() const;
  void stop();

 private:
  StoreConnection(boost::asio::any_io_executor executor, const Clock& machine, RedisOptions redis,
                  std::unique_ptr<RedisProcess> process, const StoreLimits& limits);

  // The reason of the last failed attempt that a further one will not change; else empty.
  std::string settled_failure() const;

  std::string place_;
  std::unique_ptr<RedisProcess> process_;
  std::unique_ptr<Redis> redis_;
  std::unique_ptr<RedisStore> store_;
};

}  // namespace claimcheck
