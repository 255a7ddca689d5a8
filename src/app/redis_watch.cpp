#include "app/redis_watch.hpp"

#include "base/log.hpp"

namespace claimcheck {

namespace {

constexpr int examine_every_s = 5;

}  // namespace

boost::asio::awaitable<Result<void>> RedisWatch::prepare() {
  Result<void> prepared;
  do {
    // A Redis that is away, or refuses the password, may be repaired: the server waits for it.
    co_await store_.awaited(machine_);
    prepared = co_await store_.prepare(clock_, config_);
  } while (!prepared && prepared.error().code == Errc::not_sent && store_.serving());
  if (!prepared) co_return prepared;
  co_await examine();
  if (!usable_) co_return usable_;
  co_await store_.writes_taken(machine_);
  co_return Result<void>();
}

boost::asio::awaitable<void> RedisWatch::examine() {
  const Result<RedisVerdict> verdict = co_await store_.examine(machine_, config_);
  if (!verdict) {
    // One that is away is no reason: each call that needs it fails by itself.
    if (verdict.error().code == Errc::unavailable) refuse(verdict.error());
    co_return;
  }
  // Deadlines are stored in Redis, so Redis' clock decides when they pass.
  if (verdict->ahead) {
    const Duration jumped = clock_.follow(machine_.now() + *verdict->ahead);
    if (jumped != Duration(0)) {
      log_error("clock_jumped", {{"clock", "redis"}, {"by_s", jumped.count() / 1'000'000}});
    }
  }
  usable_ = verdict->usable();
  log_findings(*verdict);
}

// It does not even answer what is asked of it.
void RedisWatch::refuse(const Error& why) {
  usable_ = std::unexpected(why);
  if (why.message == last_summary_) return;
  last_summary_ = why.message;
  log_error("redis_unusable", {{"why", why.message}});
}

// Once per change: the same findings come every few seconds.
void RedisWatch::log_findings(const RedisVerdict& verdict) {
  std::string summary;
  for (const Finding& finding : verdict.findings) {
    if (finding.grade != Grade::good) summary += finding.text + "; ";
  }
  if (summary == last_summary_) return;
  last_summary_ = summary;
  for (const Finding& finding : verdict.findings) {
    if (finding.grade == Grade::good) continue;
    const bool refused = finding.grade == Grade::refused;
    log(refused ? LogLevel::error : LogLevel::warn, refused ? "redis_unusable" : "redis_doubtful",
        {{"check", finding.what}, {"why", finding.text}});
  }
  log_info("durability", {{"writes", to_string(verdict.durability)}});
}

// An embedded Redis that ended by itself (full disk, killed) is not started again here: the process
// ends with an error, and its supervisor starts both again from the files on disk.
boost::asio::awaitable<void> RedisWatch::run() {
  for (int second = 1; store_.serving(); ++second) {
    co_await clock_.sleep(std::chrono::seconds(1));
    const Result<Time> born = co_await store_.store().marks->born();
    if (!born && born.error().code == Errc::not_found) {
      // Older orders are unknown here now; only a person can tell what became of them.
      log_error("redis_emptied", {{"why", "its description is gone; older orders are held"}});
      usable_ = co_await store_.prepare(clock_, config_);
      if (!usable_) log_error("redis_unusable", {{"why", usable_.error().message}});
    } else if (born && second % examine_every_s == 0) {
      co_await examine();
    }
  }
  log_error("embedded_redis_ended", {{"see", config_.data_dir + "/redis.log"}});
}

}  // namespace claimcheck
