// What claimcheck demands of its Redis: version, role, eviction, rights of its user, and the disk
// and replicas that the configured durability needs. Checked at the start, every few seconds while
// it serves, and by `claimcheck doctor`. The facts are read in one round trip; a pure function
// judges them. Each finding that is not good says what to set.
#pragma once

#include "config/config.hpp"
#include "net/redis/acks.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

struct RedisFacts {
  std::string version;  // "7.0.15"; of Valkey the Redis version it stands for
  std::string maxmemory_policy;
  std::string role;  // "master", "slave"
  bool aof = false;
  std::optional<bool> aof_always;  // nothing = CONFIG GET is not allowed
  bool waitaof = false;
  int replicas = 0;       // connected now
  bool failover = false;  // Sentinels may make another server the primary
  std::optional<Time> now;
  std::optional<std::vector<std::string>> missing_rights;  // store/redis/rights.hpp
};

// Errors: those of Redis::exec.
boost::asio::awaitable<Result<RedisFacts>> read_facts(Redis& redis);

// unreached: nobody answered, so nothing is known.
enum class Grade { good, doubtful, unreached, refused };

struct Finding {
  Grade grade;
  std::string what;  // "eviction", "disk", …
  std::string text;  // the fact, and what to set if it is not good
};

struct RedisVerdict {
  Durability durability;  // where a stored order is
  AckDemand demand;       // what each write waits for, so that it is there
  std::vector<Finding> findings;
  std::optional<Duration> ahead;  // its clock, of the machine's; nothing = not known now

  // Errors: unavailable, with the first refusal's text: new orders are not safe in it.
  Result<void> usable() const;
};

// `stored`: the id of the Redis that answers, not_found if claimcheck has never used it.
Finding check_epoch(const std::string& known, const Result<std::string>& stored);

// Which machine's clock is wrong? The one that agrees with neither of the other two. A sentence for
// people; nothing = all agree. Arguments: how far Redis' clock is ahead of ours, and ours of
// Stripe's.
std::optional<std::string> wrong_clocks(Duration redis_ahead, Duration ahead_of_stripe);

RedisVerdict judge(const RedisFacts& facts, std::optional<Durability> wanted, Time now);

}  // namespace claimcheck
