#include "app/connect.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace claimcheck {

namespace {

constexpr Duration connect_max = std::chrono::seconds(15);
constexpr Duration connect_poll = std::chrono::milliseconds(20);
constexpr Duration prompt_max =
    std::chrono::seconds(1);  // after a longer wait the time in an answer is too old

}  // namespace

StoreConnection::StoreConnection(boost::asio::any_io_executor executor, const Clock& machine,
                                 RedisOptions redis, std::unique_ptr<RedisProcess> process,
                                 const StoreLimits& limits)
    : place_(text_of(redis.address)),
      process_(std::move(process)),
      redis_(std::make_unique<Redis>(std::move(executor), machine, std::move(redis))),
      store_(std::make_unique<RedisStore>(*redis_, limits)) {
  redis_->start();
}

Result<StoreConnection> StoreConnection::open(boost::asio::any_io_executor executor,
                                              const Clock& machine, const Config& config) {
  std::unique_ptr<RedisProcess> process;
  std::string url = config.redis_url;
  if (url.empty()) {
    auto started = RedisProcess::start(config.data_dir, machine);
    if (!started) {
      // What a person can do about it: the other errors name a file in the directory.
      const bool no_program = started.error().code == Errc::not_found;
      return fail(started.error().code,
                  started.error().message +
                      (no_program ? ": install one, or set REDIS_URL" : " (CLAIMCHECK_DATA_DIR)"));
    }
    process = std::move(*started);
    url = process->url();
  }
  auto address = RedisAddress::parse(url);
  if (!address) return fail(address);
  return StoreConnection(std::move(executor), machine,
                         {.address = std::move(*address),
                          .sentinel_login = config.redis_sentinel_login,
                          .tls = config.redis_tls},
                         std::move(process), config.store);
}

Result<StoreConnection> StoreConnection::open_for_reading(boost::asio::any_io_executor executor,
                                                          const Clock& machine,
                                                          const Config& config) {
  if (!config.redis_url.empty()) return open(std::move(executor), machine, config);
  // The Redis of a running server holds the lock of the data directory, so that one is used.
  const Result<std::string> serving = serving_redis_url(config.data_dir);
  if (serving) {
    auto address = RedisAddress::parse(*serving);
    if (!address) return fail(address);
    return StoreConnection(std::move(executor), machine, {.address = std::move(*address)}, nullptr,
                           config.store);
  }
  // A command that only reads must not create an empty database, which would answer that there are
  // no orders.
  if (!std::filesystem::exists(config.data_dir)) {
    return fail(Errc::not_found,
                fmt::format("no REDIS_URL is set and there is no data directory {}: name the one "
                            "the server uses (CLAIMCHECK_DATA_DIR)",
                            config.data_dir));
  }
  return open(std::move(executor), machine, config);
}

std::string StoreConnection::settled_failure() const {
  const std::string& why = redis_->last_loss();
  // A Redis that loads its data serves in a moment, and a child of ours has answered already.
  return process_ || why.starts_with("LOADING") ? std::string() : why;
}

boost::asio::awaitable<Result<void>> StoreConnection::connected(Clock& clock) {
  const Duration deadline = clock.steady() + connect_max;
  while (!redis_->ready() && clock.steady() < deadline && settled_failure().empty()) {
    co_await clock.sleep(connect_poll);
  }
  if (redis_->ready()) co_return Result<void>();
  const std::string& why = redis_->last_loss();
  co_return fail(Errc::not_sent, fmt::format("Redis at {} cannot be used{}{}", place_,
                                             why.empty() ? "" : ": ", why));
}

boost::asio::awaitable<void> StoreConnection::awaited(Clock& clock) {
  std::optional<Duration> told;
  while (!redis_->ready() && serving()) {
    const std::string& why = redis_->last_loss();
    const bool due = !told || clock.steady() - *told >= awaited_again;
    // Nothing is known before the end of the first attempt.
    if (!why.empty() && due) {
      log_warn("redis_awaited", {{"redis", place_}, {"why", why}});
      told = clock.steady();
    }
    co_await clock.sleep(connect_poll);
  }
}

boost::asio::awaitable<void> StoreConnection::writes_taken(Clock& clock) {
  const Duration deadline = clock.steady() + connect_max;
  while (!store_->takes_writes() && clock.steady() < deadline) co_await clock.sleep(connect_poll);
}

boost::asio::awaitable<Result<void>> StoreConnection::prepare(Clock& clock, const Config& config) {
  const Result<void> there = co_await connected(clock);
  if (!there) co_return fail(there);
  co_return co_await store_->init(config.epoch);
}

boost::asio::awaitable<Result<RedisVerdict>> StoreConnection::examine(Clock& clock,
                                                                      const Config& config) {
  const Duration asked = clock.steady();
  const Result<RedisFacts> facts = co_await read_facts(*redis_);
  if (!facts) co_return fail(facts);
  const Time now = clock.now();
  RedisVerdict verdict = judge(*facts, config.durability, now);
  // Redis' time is as old as the answer: after a slow one the difference of the clocks would be
  // wrong.
  const bool prompt = clock.steady() - asked < prompt_max;
  if (prompt && facts->now) verdict.ahead = *facts->now - now;
  // Set here, so no caller can serve with a verdict and without what it demands.
  store_->demand(verdict.demand);
  co_return verdict;
}

Store& StoreConnection::store() { return *store_; }
Redis& StoreConnection::redis() { return *redis_; }
const std::string& StoreConnection::place() const { return place_; }
bool StoreConnection::serving() const { return !process_ || process_->running(); }
boost::asio::awaitable<Result<std::string>> StoreConnection::epoch() {
  co_return co_await store_->epoch();
}
void StoreConnection::stop() {
  redis_->stop();
  store_->stop();
}

}  // namespace claimcheck
