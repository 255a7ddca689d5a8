// RedisProcess: the embedded Redis, a private redis-server (or valkey-server) child on a free
// loopback port with a random password, AOF `always`, noeviction, its data in one directory. The
// directory is locked for as long as parent or child live, so two never share it; the child gets
// its configuration on standard input (no password in `ps`) and dies with its parent, also when
// that is killed. Its URL stands in <directory>/redis.url (mode 0600) while it runs.
// `clock` is the machine's: another program takes real time. It outlives the object.
// Owned by the composition root, which must start it on a thread that lives as long as the
// process: Linux ties the child's life to the forking thread (PR_SET_PDEATHSIG).
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
  // SIGTERM, so the child closes its files, and waits for its end.
  ~RedisProcess();
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  // Holds the password.
  const std::string& url() const;
  int pid() const;
  // False once the child has ended by itself; nobody starts it again.
  bool running();

 private:
  struct State;

 public:
  explicit RedisProcess(std::unique_ptr<State> state);  // only start() has a State

 private:
  std::unique_ptr<State> state_;
};

// The URL under which a RedisProcess, of this or another process, serves that directory now.
// not_found when none does: there is no redis.url, or it is left over and nobody answers there.
Result<std::string> serving_redis_url(const std::string& directory);

}  // namespace claimcheck
