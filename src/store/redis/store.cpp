// The roles of the store in one object, and the description of the layout.
#include "store/redis/store.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

constexpr const char* another_redis =
    "this is not the Redis that CLAIMCHECK_EPOCH names: it was emptied, or REDIS_URL is another's; "
    "claimcheck doctor shows what is there";

bool is_described(const HashFields& meta) {
  constexpr std::array<std::string_view, 4> names = {"schema", "partitions", "epoch", "born_s"};
  return std::ranges::all_of(names, [&meta](std::string_view name) {
    return std::ranges::find(meta, name, &HashFields::value_type::first) != meta.end();
  });
}

}  // namespace

RedisStore::RedisStore(Redis& redis, StoreLimits limits, int partitions)
    : RedisShared{.redis = redis,
                  .acks = RedisAcks(redis),
                  .limits = limits,
                  .partitions = partitions},
      Store(roles_in<RedisShared>(*this)) {
  ENSURE(partitions >= 1 && partitions <= partitions_max);
}

void RedisStore::demand(AckDemand demand) { acks.demand(demand); }
bool RedisStore::takes_writes() const { return acks.ready(); }
void RedisStore::stop() { acks.stop(); }

Result<void> RedisStore::recover_layout(const std::vector<std::string>& meta) {
  std::optional<int> schema;
  std::optional<int> described;
  for (const auto& [name, value] : pairs_of(meta)) {
    if (name == "schema") schema = number_in<int>(value);
    if (name == "partitions") described = number_in<int>(value);
  }
  // A damaged number could name partitions that nothing was ever written to.
  if (!schema || !described || *described < 1 || *described > partitions_max) {
    return fail(Errc::unreadable, fmt::format("{} in Redis is unreadable", keys::meta()));
  }
  if (*schema > store_schema) {
    return fail(Errc::unreadable,
                fmt::format("Redis was last used by a newer claimcheck (layout {}, this program "
                            "knows up to {}): start that release instead",
                            *schema, store_schema));
  }
  // The stored number is used: with another number a member would be sought in another partition.
  partitions = *described;
  return {};
}

Async<std::string> RedisStore::epoch() {
  RedisCommand get = {"HGET", keys::meta(), "epoch"};
  co_return text_of(co_await run_command(redis, std::move(get)));
}

Async<void> RedisStore::init(std::string known_epoch) {
  // First of all: a wrong Redis must not be changed in any way, not even get a description.
  if (!known_epoch.empty()) {
    const Result<std::string> stored = co_await epoch();
    if (!stored && stored.error().code != Errc::not_found) co_return fail(stored);
    if (!stored || *stored != known_epoch) co_return fail(Errc::conflict, another_redis);
  }
  RedisCommand read = {"HGETALL", keys::meta()};
  Result<std::vector<std::string>> meta = texts_of(co_await run_command(redis, std::move(read)));
  if (!meta) co_return fail(meta);
  // A Redis that is full or read-only can still be used when it has its description already: then
  // nothing is written.
  if (!is_described(pairs_of(*meta))) {
    RedisCommand describe = {
        // In full, not by its digest: it runs once in the life of a Redis.
        "EVAL",        std::string(embedded::lua_describe), "1",
        keys::meta(),  fmt::to_string(store_schema),        fmt::to_string(partitions),
        random_hex(16)};
    meta = texts_of(co_await run_command(redis, std::move(describe)));
    if (!meta) co_return fail(meta);
  }
  co_return recover_layout(*meta);
}

}  // namespace claimcheck
