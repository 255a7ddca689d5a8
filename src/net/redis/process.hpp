// RedisProcess: the embedded Redis. It is a private child, redis-server or valkey-server, on a free
// loopback port with a random password, AOF `always` and noeviction. Its data is in one directory,
// which is locked as long as parent or child live, so two servers never share it. The child reads
// its configuration from standard input (no password in `ps`), and ends with its parent, also when
// the parent is killed. Its URL is in <directory>/redis.url (mode 0600) while it runs. `clock` is
// the machine's, since another program takes real time. It outlives the object. Owned by the
// composition root, which must start it on a thread that lives as long as the process: Linux ties
// the child's life to the forking thread (PR_SET_PDEATHSIG).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <memory>
#include <string>

namespace claimcheck {

class RedisProcess {
 public:
  // Blocks until the child answers or has failed. Errors: conflict when the directory is in use
  // (it waits that long for a dying predecessor), not_found when there is no server to run,
  // invalid when the directory cannot be used, unavailable when the child does not come up.
  static Result<std::unique_ptr<RedisProcess>> start(
      const std::string& directory, const Clock& clock,
      Duration lock_patience = std::chrono::seconds(5));
  // Sends SIGTERM, so that the child closes its files, and waits for its end.
  ~RedisProcess();
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  // Holds the password.
  const std::string& url() const;
  int pid() const;
  // False once the child has ended by itself; it is not started again.
  bool running();

 private:
  struct State;

 public:
  explicit RedisProcess(std::unique_ptr<State> state);  // only start() has a State

 private:
  std::unique_ptr<State> state_;
};

// The URL of the RedisProcess, of this or another process, that serves that directory now. Errors:
// not_found when there is no redis.url, or when no server answers at its address.
Result<std::string> serving_redis_url(const std::string& directory);

}  // namespace claimcheck
