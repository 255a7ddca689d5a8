// RedisAcks: writes that are answered only when they are kept as demanded: on the server's disk
// (WAITAOF), by N replicas (WAIT), or both. A write and its WAIT are one request on one connection,
// so no reconnect can come between them. The count is compared: fewer than demanded is `ambiguous`,
// since the write itself is done. RedisAcks has a connection of its own, since WAIT blocks every
// command behind it. Writes that arrive meanwhile share the next request and one WAIT. Without a
// demand it passes writes on to the shared connection. The shared connection must outlive it. For
// one thread: that of the connection's executor.
#pragma once

#include "net/redis/redis.hpp"

#include <memory>

namespace claimcheck {

struct AckDemand {
  int replicas = 0;    // that must have the write
  bool fsync = false;  // on the server's own disk; not needed when it fsyncs before each answer
  bool operator==(const AckDemand&) const = default;
  explicit operator bool() const { return replicas > 0 || fsync; }
};

// How long a write waits for its replicas, and how long for its disk. Every write may wait for
// both, and a request of the shared connection waits for longer than that. With `everysec` a write
// waits a second for its turn, and up to two for the fsync before it.
inline constexpr Duration replica_wait_max = std::chrono::seconds(1);
inline constexpr Duration disk_wait_max = std::chrono::milliseconds(3500);
// Writes that share one request, at the most.
inline constexpr std::size_t ack_batch_max = 128;

class RedisAcks {
 public:
  explicit RedisAcks(Redis& shared);
  ~RedisAcks();
  RedisAcks(const RedisAcks&) = delete;
  RedisAcks& operator=(const RedisAcks&) = delete;

  // Sets the demand from now on. The first one starts the own connection.
  void demand(AckDemand demand);
  // Whether a write would be sent now. Without a demand always true, else true when the own
  // connection is ready.
  bool ready() const;
  void stop();

  // As Redis::exec, and `ambiguous` when the demand was not met. A write that failed (Failure) is
  // answered without regard to the demand. The command is borrowed until the answer.
  boost::asio::awaitable<Result<RedisReply>> exec(const RedisCommand& command);

 private:
  struct State;
  Redis& shared_;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
