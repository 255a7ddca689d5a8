// What claimcheck demands of its Redis, checked at the start, every few seconds while it serves,
// and by `claimcheck doctor`: version, role, eviction, the disk and replicas that the configured
// durability needs. Facts are read in one round trip; judging them is a pure function. Each
// finding that is not good says what to set.
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
  int replicas = 0;  // connected now
  std::optional<Time> now;
};

// Errors: those of Redis::exec.
boost::asio::awaitable<Result<RedisFacts>> read_facts(Redis& redis);

enum class Grade { good, doubtful, refused };

struct Finding {
  Grade grade;
  std::string what;  // "eviction", "disk", …
  std::string text;  // what is so, and when it is not good, what to set
};

struct RedisVerdict {
  Durability durability;  // what a kept order means here
  AckDemand demand;       // what makes it so
  std::vector<Finding> findings;
  std::optional<Duration> ahead;  // its clock of the machine's; nothing = it cannot be told now

  // Errors: unavailable, with the first refusal's text: new orders are not safe in it.
  Result<void> usable() const;
};

// `stored`: of the Redis that answers, not_found when claimcheck never used it.
Finding check_epoch(const std::string& known, const Result<std::string>& stored);

// Of three clocks the one that agrees with neither of the others is wrong: a sentence that names
// its machine, or nothing. How far Redis' is ahead of ours, and ours of Stripe's.
std::string wrong_clocks(Duration redis_ahead, Duration ahead_of_stripe);

RedisVerdict judge(const RedisFacts& facts, std::optional<Durability> wanted, Time now);

}  // namespace claimcheck
