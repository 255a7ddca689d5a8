// The outbox in Redis: one work index for each way out, a record for each letter, and an index of
// those that were given up.
#include "base/log.hpp"
#include "domain/names.hpp"
#include "embedded/lua.hpp"
#include "store/hash_fields.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace claimcheck {

namespace {

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

// False = its life is over.
Result<bool> read_letter(const RedisReply& reply, Letter& letter) {
  const Result<std::vector<std::string>> flat = texts_of(reply);
  if (!flat) return fail(flat);
  StoredFields fields;
  for (std::size_t i = 0; i + 1 < flat->size(); i += 2) fields[(*flat)[i]] = (*flat)[i + 1];
  const std::string unreadable = read_fields(fields, "", letter);
  if (unreadable.empty()) return !fields.empty();
  return fail(Errc::unreadable, fmt::format("its field {} is unreadable", unreadable));
}

Duration life_after(const LetterEnd& end, const OutboxLimits& limits) {
  switch (end.state) {
    case LetterState::waiting: return limits.waiting_life;
    case LetterState::done: return limits.done_life;
    case LetterState::dead: return limits.dead_life;
  }
  return limits.waiting_life;
}

class RedisOutbox final : public InRedis<Outbox> {
 public:
  using InRedis::InRedis;

  Async<void> put_letter(Letter letter) override {
    // The record decides: while it is remembered, also after its end, the script does nothing.
    static const Script script(embedded::lua_put_letter);
    const int partition = keys::partition_of(letter.id, partitions_);
    const std::string_view way = name_of(letter.way);
    std::vector<std::string> names = {keys::outbox(partition, way),
                                      keys::letter(partition, way, letter.id)};
    std::vector<std::string> arguments = {std::move(letter.id), std::move(letter.session),
                                          std::move(letter.news),
                                          in_ms(limits_.outbox.waiting_life)};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<TakenLetter>> take_letters(LetterWay way, std::size_t limit,
                                               Duration lease) override {
    std::vector<TakenLetter> all;
    const int first = first_;
    first_ = (first_ + 1) % partitions_;
    for (int i = 0; i < partitions_ && all.size() < limit; ++i) {
      Result<std::vector<TakenLetter>> some =
          co_await take_letters_from((first + i) % partitions_, way, limit - all.size(), lease);
      if (!some && !all.empty()) break;  // what was taken already must be carried
      if (!some) co_return fail(some);
      std::ranges::move(*some, std::back_inserter(all));
    }
    co_return all;
  }

  Async<bool> settle_letter(TakenLetter taken, LetterEnd end) override {
    // Index, record and the list of what was given up change together.
    static const Script script(embedded::lua_settle_letter);
    const Letter& letter = taken.letter;
    const OutboxLimits& limits = limits_.outbox;
    const int partition = keys::partition_of(letter.id, partitions_);
    const std::string_view way = name_of(letter.way);
    std::vector<std::string> names = {keys::outbox(partition, way),
                                      keys::letter(partition, way, letter.id),
                                      keys::dead(partition)};
    std::vector<std::string> arguments = {letter.id,
                                          score_of(taken.score),
                                          name_among_dead(letter.way, letter.id),
                                          std::string(name_of(end.state)),
                                          fmt::to_string(end.status),
                                          fmt::to_string(end.delay.count()),
                                          in_ms(life_after(end, limits)),
                                          fmt::to_string(limits.dead_life.count()),
                                          fmt::to_string(limits.dead_kept),
                                          std::move(end.why)};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<Letter>> letters(LetterState state, std::size_t limit) override {
    std::vector<RedisCommand> ranges;
    std::vector<std::string> befores;  // what makes a name of each range's members
    const std::string last = fmt::to_string(static_cast<std::int64_t>(limit) - 1);
    for (int partition = 0; partition < partitions_ && limit > 0; ++partition) {
      if (state == LetterState::dead) {
        ranges.push_back({"ZRANGE", keys::dead(partition), "0", last, "REV", "WITHSCORES"});
        befores.emplace_back();
      } else if (state == LetterState::waiting) {
        for (const LetterWay way : {LetterWay::webhook, LetterWay::mail}) {
          ranges.push_back(
              {"ZRANGE", keys::outbox(partition, name_of(way)), "0", last, "WITHSCORES"});
          befores.push_back(name_among_dead(way, ""));
        }
      }
    }
    // What is done has no index: it is remembered, and not listed.
    if (ranges.empty()) co_return std::vector<Letter>();
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(ranges));
    if (!replies) co_return fail(replies);
    std::vector<Scored> found;
    for (std::size_t i = 0; i < replies->size(); ++i) {
      const Result<std::vector<Scored>> some = scored_of((*replies)[i]);
      if (!some) co_return fail(some);
      for (const auto& [score, id] : *some) found.emplace_back(score, befores[i] + id);
    }
    // Each range is sorted; of all together the first ones are wanted.
    std::ranges::sort(found);
    if (state == LetterState::dead) std::ranges::reverse(found);
    if (found.size() > limit) found.resize(limit);
    std::vector<std::string> names;
    for (auto& [score, name] : found) names.push_back(std::move(name));
    co_return co_await read_letters(std::move(names));
  }

  Async<std::int64_t> retry_letter(std::string id) override {
    static const Script script(embedded::lua_retry_letter);
    std::int64_t all = 0;
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
      all += *retried;
    }
    co_return all;
  }

 private:
  Async<std::vector<TakenLetter>> take_letters_from(int partition, LetterWay way, std::size_t limit,
                                                    Duration lease) {
    static const Script script(embedded::lua_take_letters);
    std::vector<std::string> names = {keys::outbox(partition, name_of(way)),
                                      keys::letter(partition, name_of(way), "")};
    std::vector<std::string> arguments = {fmt::to_string(limit), fmt::to_string(lease.count())};
    const Result<std::vector<std::string>> taken =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!taken) co_return fail(taken);
    // The scripts give ids and scores; what is in each record is read behind, in one round trip.
    std::map<std::string, double> scores;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i + 1 < taken->size(); i += 2) {
      const auto score = number_in<double>((*taken)[i + 1]);
      if (!score) co_return strange_reply();
      ids.push_back(name_among_dead(way, (*taken)[i]));
      scores[(*taken)[i]] = *score;
    }
    const Result<std::vector<Letter>> records = co_await read_letters(std::move(ids));
    if (!records) co_return fail(records);
    std::vector<TakenLetter> all;
    for (const Letter& letter : *records) {
      all.push_back({.letter = letter, .score = scores[letter.id]});
    }
    co_return all;
  }

  // The record behind each "<way>:<id>"; those whose life is over are left out, and those that a
  // newer release has put there.
  Async<std::vector<Letter>> read_letters(std::vector<std::string> names) {
    std::vector<Letter> all;
    std::vector<RedisCommand> commands;
    for (const std::string& name : names) {
      const std::optional<Letter> letter = named(name);
      if (!letter) continue;
      const int partition = keys::partition_of(letter->id, partitions_);
      commands.push_back({"HGETALL", keys::letter(partition, name_of(letter->way), letter->id)});
      all.push_back(*letter);
    }
    if (commands.empty()) co_return all;
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(commands));
    if (!replies) co_return fail(replies);
    std::vector<Letter> readable;
    for (std::size_t i = 0; i < replies->size(); ++i) {
      const Result<bool> read = read_letter((*replies)[i], all[i]);
      if (!read) log_error("letter_unreadable", {{"id", all[i].id}, {"why", read.error().message}});
      if (read && *read) readable.push_back(std::move(all[i]));
    }
    co_return readable;
  }

  int first_ = 0;  // the partition where the next take_letters() begins
};

}  // namespace

std::unique_ptr<Outbox> outbox_in(RedisShared& shared) {
  return std::make_unique<RedisOutbox>(shared);
}

}  // namespace claimcheck
