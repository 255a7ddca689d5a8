// Session values and orders in Redis, and the layout's own description.
#include "store/redis/store.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "embedded/lua.hpp"
#include "store/codec.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/records.hpp"
#include "store/redis/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace claimcheck {

namespace {

constexpr const char* another_redis =
    "this is not the Redis that CLAIMCHECK_EPOCH names: it was emptied, or REDIS_URL is another's; "
    "claimcheck doctor shows what is there";

std::vector<std::string> order_keys(std::string_view session_id) {
  return {keys::session(session_id), keys::claim(session_id), keys::history(session_id)};
}

void append_fields(std::vector<std::string>& arguments, const Claim& claim) {
  for (auto& [name, value] : encode_claim(claim)) {
    arguments.push_back(name);
    arguments.push_back(value);
  }
}

HashFields pairs(const std::vector<std::string>& flat) {
  HashFields fields;
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) fields.emplace_back(flat[i], flat[i + 1]);
  return fields;
}

bool is_described(const HashFields& meta) {
  constexpr std::array<std::string_view, 4> names = {"schema", "partitions", "epoch", "born_s"};
  return std::ranges::all_of(names, [&meta](std::string_view name) {
    return std::ranges::find(meta, name, &HashFields::value_type::first) != meta.end();
  });
}

std::string_view view_mode(const Commit& change) {
  if (!change.view) return "none";
  return change.view->bytes ? "write" : "guard";
}

}  // namespace

RedisStore::RedisStore(Redis& redis, StoreLimits limits, int partitions)
    : redis_(redis), acks_(redis), limits_(limits), partitions_(partitions) {
  ENSURE(partitions >= 1 && partitions <= partitions_max);
}

void RedisStore::demand(AckDemand demand) { acks_.demand(demand); }
void RedisStore::stop() { acks_.stop(); }

Result<void> RedisStore::adopt_layout(const std::vector<std::string>& meta) {
  std::optional<int> schema;
  std::optional<int> partitions;
  for (const auto& [name, value] : pairs(meta)) {
    if (name == "schema") schema = number_in<int>(value);
    if (name == "partitions") partitions = number_in<int>(value);
  }
  if (!schema || !partitions || *partitions < 1 || *partitions > partitions_max) {
    return fail(Errc::unreadable, fmt::format("{} in Redis is unreadable", keys::meta()));
  }
  if (*schema > store_schema) {
    return fail(Errc::unreadable,
                fmt::format("Redis was last used by a newer claimcheck (layout {}, this program "
                            "knows up to {}): start that release instead",
                            *schema, store_schema));
  }
  partitions_ = *partitions;
  return {};
}

Async<std::string> RedisStore::epoch() {
  RedisCommand get = {"HGET", keys::meta(), "epoch"};
  co_return text_of(co_await run_command(redis_, std::move(get)));
}

Async<void> RedisStore::init(std::string known_epoch) {
  if (!known_epoch.empty()) {
    const Result<std::string> stored = co_await epoch();
    if (!stored && stored.error().code != Errc::not_found) co_return fail(stored);
    if (!stored || *stored != known_epoch) co_return fail(Errc::conflict, another_redis);
  }
  RedisCommand read = {"HGETALL", keys::meta()};
  Result<std::vector<std::string>> meta = texts_of(co_await run_command(redis_, std::move(read)));
  if (!meta) co_return fail(meta);
  // A Redis that is full or read-only still serves what was described before: it is only read.
  if (!is_described(pairs(*meta))) {
    RedisCommand describe = {
        "EVAL",        std::string(embedded::lua_describe), "1",
        keys::meta(),  fmt::to_string(store_schema),        fmt::to_string(partitions_),
        random_hex(16)};
    meta = texts_of(co_await run_command(redis_, std::move(describe)));
    if (!meta) co_return fail(meta);
  }
  co_return adopt_layout(*meta);
}

Async<SessionBytes> RedisStore::read_session(std::string session_id) {
  RedisCommand get = {"GET", keys::session(session_id)};
  Result<std::string> bytes = text_of(co_await run_command(redis_, std::move(get)));
  if (!bytes) co_return fail(bytes);
  co_return SessionBytes(std::move(*bytes));
}

Async<UpdateResult> RedisStore::write_session(std::string session_id,
                                              std::optional<std::string> expected_digest,
                                              std::string bytes) {
  static const Script script(embedded::lua_update);
  std::vector<std::string> names = {keys::session(session_id)};
  std::vector<std::string> arguments = {expected_digest ? "match" : "any",
                                        expected_digest.value_or(""), std::move(bytes),
                                        in_ms(limits_.session_ttl)};
  const Result<std::string> result =
      text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!result) co_return fail(result);
  if (*result == "done") co_return UpdateResult::done;
  if (*result == "missing") co_return UpdateResult::missing;
  if (*result == "changed") co_return UpdateResult::changed;
  co_return strange_reply();
}

Async<bool> RedisStore::create(NewOrder order) {
  static const Script script(embedded::lua_create);
  order.claim.version = 1;
  std::vector<std::string> arguments = {in_ms(claim_life(order.claim, limits_)),
                                        in_ms(limits_.session_ttl),
                                        encode_history_line(order.line),
                                        fmt::to_string(limits_.history_lines),
                                        order.session ? "1" : "0",
                                        std::move(order.session).value_or("")};
  append_fields(arguments, order.claim);
  std::vector<std::string> names = order_keys(order.session_id);
  const Result<std::int64_t> created =
      integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!created) co_return fail(created);
  co_return *created == 1;
}

Async<Claim> RedisStore::load(std::string session_id) {
  RedisCommand get = {"HGETALL", keys::claim(session_id)};
  const Result<std::vector<std::string>> fields =
      texts_of(co_await run_command(redis_, std::move(get)));
  if (!fields) co_return fail(fields);
  if (fields->empty()) co_return fail(Errc::not_found, "there is no claim for this session");
  co_return decode_claim(pairs(*fields));
}

Async<CommitResult> RedisStore::commit(Commit change) {
  static const Script beginning(embedded::lua_commit);
  static const Script recording = beginning.when_full();
  const Duration life = claim_life(change.claim, limits_);
  std::vector<std::string> arguments = {fmt::to_string(change.claim.version),
                                        in_ms(life),
                                        fmt::to_string(change.lines.size()),
                                        fmt::to_string(limits_.history_lines),
                                        std::string(view_mode(change)),
                                        change.view ? change.view->digest : "",
                                        "",
                                        in_ms(limits_.session_ttl)};
  if (change.view && change.view->bytes) arguments[6] = std::move(*change.view->bytes);
  std::ranges::transform(change.lines, std::back_inserter(arguments), encode_history_line);
  change.claim.version += 1;
  append_fields(arguments, change.claim);
  std::vector<std::string> names = order_keys(change.session_id);
  // A guard stands before something new is begun; all else records what has happened already.
  const bool begins = change.view && !change.view->bytes;
  const Script& script = begins ? beginning : recording;
  const Result<std::string> result =
      text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!result) co_return fail(result);
  if (*result == "done") co_return CommitResult::done;
  if (*result == "view_stale") co_return CommitResult::view_stale;
  if (*result == "refused") co_return CommitResult::refused;
  co_return strange_reply();
}

Async<std::vector<HistoryLine>> RedisStore::history(std::string session_id) {
  RedisCommand get = {"LRANGE", keys::history(session_id), "0", "-1"};
  const Result<std::vector<std::string>> texts =
      texts_of(co_await run_command(redis_, std::move(get)));
  if (!texts) co_return fail(texts);
  std::vector<HistoryLine> lines;
  for (const std::string& text : *texts) {
    Result<HistoryLine> line = decode_history_line(text);
    if (!line) co_return fail(line);
    lines.push_back(std::move(*line));
  }
  co_return lines;
}

Async<void> RedisStore::ready() {
  static const Script script(embedded::lua_ready);
  std::vector<std::string> names = {keys::meta()};
  std::vector<std::string> arguments;
  const Result<RedisReply> reply =
      co_await run_script(acks_, script, std::move(names), std::move(arguments));
  if (!reply) co_return fail(reply);
  co_return Result<void>();
}

}  // namespace claimcheck
