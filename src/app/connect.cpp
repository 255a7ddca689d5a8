#include "app/connect.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace claimcheck {

namespace {

constexpr Duration connect_max = std::chrono::seconds(15);
constexpr Duration connect_poll = std::chrono::milliseconds(20);

// Does this Redis write every change to its disk before it answers? Nothing = it does not say.
std::optional<bool> writes_through(const RedisReply& reply) {
  const RedisReply::Array* pairs = reply.array();
  if (pairs == nullptr) return std::nullopt;
  bool append_only = false;
  bool always = false;
  for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) {
    const std::string* name = (*pairs)[i].text();
    const std::string* value = (*pairs)[i + 1].text();
    if (name == nullptr || value == nullptr) return std::nullopt;
    if (*name == "appendonly") append_only = *value == "yes";
    if (*name == "appendfsync") always = *value == "always";
  }
  return append_only && always;
}

}  // namespace

StoreConnection::StoreConnection(boost::asio::any_io_executor executor, RedisAddress address,
                                 std::unique_ptr<RedisProcess> process, const StoreLimits& limits)
    : place_(fmt::format("{}:{}", address.host, address.port)),
      process_(std::move(process)),
      redis_(std::make_unique<Redis>(std::move(executor),
                                     RedisOptions{.address = std::move(address)})),
      store_(std::make_unique<RedisStore>(*redis_, limits)) {
  redis_->start();
}

Result<StoreConnection> StoreConnection::open(boost::asio::any_io_executor executor,
                                              const Config& config) {
  std::unique_ptr<RedisProcess> process;
  std::string url = config.redis_url;
  if (url.empty()) {
    auto started = RedisProcess::start(config.data_dir);
    if (!started) return fail(started);
    process = std::move(*started);
    url = process->url();
  }
  auto address = RedisAddress::parse(url);
  if (!address) return fail(address);
  return StoreConnection(std::move(executor), std::move(*address), std::move(process),
                         config.store);
}

Result<StoreConnection> StoreConnection::open_for_reading(boost::asio::any_io_executor executor,
                                                          const Config& config) {
  if (!config.redis_url.empty()) return open(std::move(executor), config);
  const Result<std::string> serving = serving_redis_url(config.data_dir);
  if (serving) {
    auto address = RedisAddress::parse(*serving);
    if (!address) return fail(address);
    return StoreConnection(std::move(executor), std::move(*address), nullptr, config.store);
  }
  if (!std::filesystem::exists(config.data_dir)) {
    return fail(Errc::not_found,
                fmt::format("no REDIS_URL is set and there is no data directory {}: name the one "
                            "the server uses (CLAIMCHECK_DATA_DIR)",
                            config.data_dir));
  }
  return open(std::move(executor), config);
}

boost::asio::awaitable<Result<Durability>> StoreConnection::prepare(Clock& clock,
                                                                    const Config& config) {
  const Duration deadline = clock.steady() + connect_max;
  while (!redis_->ready() && clock.steady() < deadline) co_await clock.sleep(connect_poll);
  if (!redis_->ready()) {
    const std::string& why = redis_->last_loss();
    co_return fail(Errc::not_sent, fmt::format("Redis at {} cannot be used{}{}", place_,
                                               why.empty() ? "" : ": ", why));
  }
  const Result<void> layout = co_await store_->init();
  if (!layout) co_return fail(layout);
  if (config.durability == Durability::memory) co_return Durability::memory;

  RedisCommand question = {"CONFIG", "GET", "append*"};
  const Result<RedisReply> told = co_await redis_->exec(std::move(question));
  if (!told) co_return fail(told);
  const std::optional<bool> through = writes_through(*told);
  if (through.value_or(false)) co_return Durability::disk;
  if (config.durability == Durability::disk) {
    co_return fail(Errc::invalid,
                   "CLAIMCHECK_DURABILITY=disk, but this Redis does not say that it writes every "
                   "change to disk: set appendonly yes and appendfsync always");
  }
  co_return Durability::memory;
}

Store& StoreConnection::store() { return *store_; }
Redis& StoreConnection::redis() { return *redis_; }
const std::string& StoreConnection::place() const { return place_; }
bool StoreConnection::serving() const { return !process_ || process_->running(); }
void StoreConnection::stop() { redis_->stop(); }

}  // namespace claimcheck
