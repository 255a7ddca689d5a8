// The outbox in Redis: one work index for each way out, a record for each letter, and an index of
// those that were given up.
#include "domain/names.hpp"
#include "embedded/lua.hpp"
#include "store/hash_fields.hpp"
#include "store/keys.hpp"
#include "store/redis_calls.hpp"
#include "store/redis_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string in_ms(Duration duration) {
  return fmt::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::string name_among_dead(LetterWay way, std::string_view id) {
  return fmt::format("{}:{}", name_of(way), id);
}

// "<way>:<id>"; nothing when a newer release has put it there.
std::optional<Letter> named(std::string_view name) {
  const std::size_t colon = std::min(name.find(':'), name.size() - 1);
  const auto way = from_name<LetterWay>(name.substr(0, colon));
  if (!way) return std::nullopt;
  Letter letter;
  letter.way = *way;
  letter.id = name.substr(colon + 1);
  return letter;
}

Duration life_after(const LetterEnd& end, const OutboxLimits& limits) {
  switch (end.state) {
    case LetterState::waiting: return limits.waiting_life;
    case LetterState::done: return limits.done_life;
    case LetterState::dead: return limits.dead_life;
  }
  return limits.waiting_life;
}

}  // namespace

Async<void> RedisStore::put_letter(Letter letter) {
  static const Script script(embedded::lua_put_letter);
  const int partition = keys::partition_of(letter.id, partitions_);
  const std::string_view way = name_of(letter.way);
  std::vector<std::string> names = {keys::outbox(partition, way),
                                    keys::letter(partition, way, letter.id)};
  std::vector<std::string> arguments = {std::move(letter.id), std::move(letter.session),
                                        std::move(letter.news), in_ms(limits_.outbox.waiting_life)};
  const Result<std::int64_t> put =
      integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!put) co_return fail(put);
  co_return Result<void>();
}

Async<std::vector<TakenLetter>> RedisStore::take_letters(LetterWay way, std::size_t limit,
                                                         Duration lease) {
  static const Script script(embedded::lua_take_letters);
  std::vector<std::string> ids;
  std::map<std::string, double> scores;
  for (int partition = 0; partition < partitions_ && ids.size() < limit; ++partition) {
    std::vector<std::string> names = {keys::outbox(partition, name_of(way))};
    std::vector<std::string> arguments = {fmt::to_string(limit - ids.size()),
                                          fmt::to_string(lease.count())};
    const Result<std::vector<std::string>> taken =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!taken) co_return fail(taken);
    for (std::size_t i = 0; i + 1 < taken->size(); i += 2) {
      const auto score = number_in<double>((*taken)[i + 1]);
      if (!score) co_return strange_reply();
      ids.push_back(name_among_dead(way, (*taken)[i]));
      scores[(*taken)[i]] = *score;
    }
  }
  const Result<std::vector<Letter>> records = co_await read_letters(std::move(ids));
  if (!records) co_return fail(records);
  std::vector<TakenLetter> all;
  for (const Letter& letter : *records) {
    all.push_back({.letter = letter, .score = scores[letter.id]});
  }
  co_return all;
}

Async<bool> RedisStore::settle_letter(TakenLetter taken, LetterEnd end) {
  static const Script script(embedded::lua_settle_letter);
  const Letter& letter = taken.letter;
  const OutboxLimits& limits = limits_.outbox;
  const int partition = keys::partition_of(letter.id, partitions_);
  const std::string_view way = name_of(letter.way);
  std::vector<std::string> names = {keys::outbox(partition, way),
                                    keys::letter(partition, way, letter.id), keys::dead(partition)};
  std::vector<std::string> arguments = {letter.id,
                                        fmt::format("{:.0f}", taken.score),
                                        name_among_dead(letter.way, letter.id),
                                        std::string(name_of(end.state)),
                                        fmt::to_string(end.status),
                                        fmt::to_string(end.delay.count()),
                                        in_ms(life_after(end, limits)),
                                        fmt::to_string(limits.dead_life.count()),
                                        fmt::to_string(limits.dead_kept)};
  const Result<std::int64_t> settled =
      integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!settled) co_return fail(settled);
  co_return *settled == 1;
}

Async<std::vector<Letter>> RedisStore::read_letters(std::vector<std::string> names) {
  std::vector<Letter> all;
  for (const std::string& name : names) {
    std::optional<Letter> letter = named(name);
    if (!letter) continue;
    const int partition = keys::partition_of(letter->id, partitions_);
    RedisCommand get = {"HGETALL", keys::letter(partition, name_of(letter->way), letter->id)};
    const Result<std::vector<std::string>> flat =
        texts_of(co_await run_command(redis_, std::move(get)));
    if (!flat) co_return fail(flat);
    StoredFields fields;
    for (std::size_t i = 0; i + 1 < flat->size(); i += 2) fields[(*flat)[i]] = (*flat)[i + 1];
    if (fields.empty()) continue;
    const std::string unreadable = read_fields(fields, "", *letter);
    if (!unreadable.empty()) {
      co_return fail(Errc::unreadable,
                     fmt::format("a letter's field {} is unreadable", unreadable));
    }
    all.push_back(std::move(*letter));
  }
  co_return all;
}

Async<std::vector<Letter>> RedisStore::letters(LetterState state, std::size_t limit) {
  std::vector<std::string> names;
  for (int partition = 0; partition < partitions_ && limit > 0; ++partition) {
    const std::string last = fmt::to_string(limit - 1);
    std::vector<std::pair<RedisCommand, std::string>> ranges;  // and what stands before an id
    if (state == LetterState::dead) {
      ranges = {{{"ZRANGE", keys::dead(partition), "0", last, "REV"}, ""}};
    } else if (state == LetterState::waiting) {
      for (const LetterWay way : {LetterWay::webhook, LetterWay::mail}) {
        ranges.push_back({{"ZRANGE", keys::outbox(partition, name_of(way)), "0", last},
                          name_among_dead(way, "")});
      }
    }
    for (auto& [range, before] : ranges) {
      const Result<std::vector<std::string>> some =
          texts_of(co_await run_command(redis_, std::move(range)));
      if (!some) co_return fail(some);
      for (const std::string& id : *some) names.push_back(before + id);
    }
  }
  Result<std::vector<Letter>> all = co_await read_letters(std::move(names));
  if (!all) co_return fail(all);
  if (state == LetterState::dead) {
    std::ranges::sort(*all, std::ranges::greater(), &Letter::last_us);
  }
  if (all->size() > limit) all->resize(limit);
  co_return all;
}

Async<bool> RedisStore::retry_letter(std::string id) {
  static const Script script(embedded::lua_retry_letter);
  bool any = false;
  const int partition = keys::partition_of(id, partitions_);
  for (const LetterWay way : {LetterWay::webhook, LetterWay::mail}) {
    std::vector<std::string> names = {keys::outbox(partition, name_of(way)),
                                      keys::letter(partition, name_of(way), id),
                                      keys::dead(partition)};
    std::vector<std::string> arguments = {id, name_among_dead(way, id),
                                          in_ms(limits_.outbox.waiting_life)};
    const Result<std::int64_t> retried =
        integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!retried) co_return fail(retried);
    any |= *retried == 1;
  }
  co_return any;
}

}  // namespace claimcheck
