// The outbox in Redis: one work index for each channel, a record for each message, and an index of
// the dead ones.
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

std::string name_among_dead(Channel channel, std::string_view id) {
  return fmt::format("{}:{}", name_of(channel), id);
}

// "<channel>:<id>"; nothing when the channel is one of a newer release.
std::optional<OutboxMessage> named(std::string_view name) {
  const std::size_t colon = std::min(name.find(':'), name.size() - 1);
  const auto channel = from_name<Channel>(name.substr(0, colon));
  if (!channel) return std::nullopt;
  OutboxMessage message;
  message.channel = *channel;
  message.id = name.substr(colon + 1);
  return message;
}

// False = the record has expired.
Result<bool> read_message(RedisReply reply, OutboxMessage& message) {
  const Result<std::vector<std::string>> flat = texts_of(std::move(reply));
  if (!flat) return fail(flat);
  StoredFields fields;
  for (std::size_t i = 0; i + 1 < flat->size(); i += 2) fields[(*flat)[i]] = (*flat)[i + 1];
  const std::string unreadable = read_fields(fields, "", message);
  if (unreadable.empty()) return !fields.empty();
  return fail(Errc::unreadable, fmt::format("its field {} is unreadable", unreadable));
}

// A waiting or dead message is kept for a person; of a sent one only the proof that it was sent.
Duration life_after(const AttemptResult& end, const OutboxLimits& limits) {
  switch (end.state) {
    case MessageState::waiting: return limits.waiting_life;
    case MessageState::done: return limits.done_life;
    case MessageState::dead: return limits.dead_life;
  }
  return limits.waiting_life;
}

class RedisOutbox final : public InRedis<Outbox> {
 public:
  using InRedis::InRedis;

  Async<void> put_message(OutboxMessage message) override {
    // The record decides: while it exists, also after the message was sent, the script does
    // nothing.
    static const Script script(embedded::lua_put_message);
    const int partition = keys::partition_of(message.id, partitions_);
    const std::string_view channel = name_of(message.channel);
    std::vector<std::string> names = {keys::outbox(partition, channel),
                                      keys::message(partition, channel, message.id)};
    std::vector<std::string> arguments = {std::move(message.id), std::move(message.session),
                                          std::move(message.news),
                                          in_ms(limits_.outbox.waiting_life)};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<TakenMessage>> take_messages(Channel channel, std::size_t limit,
                                                 Duration lease) override {
    std::vector<TakenMessage> all;
    // Each call begins at the next partition, so that a full one does not starve the others.
    const int first = first_;
    first_ = (first_ + 1) % partitions_;
    for (int i = 0; i < partitions_ && all.size() < limit; ++i) {
      Result<std::vector<TakenMessage>> some = co_await take_messages_from(
          (first + i) % partitions_, channel, limit - all.size(), lease);
      if (!some && !all.empty()) break;  // the messages taken so far must be dispatched
      if (!some) co_return fail(some);
      std::ranges::move(*some, std::back_inserter(all));
    }
    co_return all;
  }

  Async<bool> settle_message(TakenMessage taken, AttemptResult end) override {
    // Index, record and the list of the dead change together, so that no message is in two states.
    static const Script script(embedded::lua_settle_message);
    const OutboxMessage& message = taken.message;
    const OutboxLimits& limits = limits_.outbox;
    const int partition = keys::partition_of(message.id, partitions_);
    const std::string_view channel = name_of(message.channel);
    std::vector<std::string> names = {keys::outbox(partition, channel),
                                      keys::message(partition, channel, message.id),
                                      keys::dead(partition)};
    std::vector<std::string> arguments = {message.id,
                                          score_of(taken.score),
                                          name_among_dead(message.channel, message.id),
                                          std::string(name_of(end.state)),
                                          fmt::to_string(end.status),
                                          fmt::to_string(end.delay.count()),
                                          in_ms(life_after(end, limits)),
                                          fmt::to_string(limits.dead_life.count()),
                                          fmt::to_string(limits.dead_kept),
                                          std::move(end.why)};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<OutboxMessage>> messages(MessageState state, std::size_t limit) override {
    std::vector<RedisCommand> ranges;
    std::vector<std::string> befores;  // turns each range's members into "<channel>:<id>"
    const std::string last = fmt::to_string(static_cast<std::int64_t>(limit) - 1);
    for (int partition = 0; partition < partitions_ && limit > 0; ++partition) {
      if (state == MessageState::dead) {
        ranges.push_back({"ZRANGE", keys::dead(partition), "0", last, "REV", "WITHSCORES"});
        befores.emplace_back();
      } else if (state == MessageState::waiting) {
        for (const Channel channel : {Channel::webhook, Channel::mail}) {
          ranges.push_back(
              {"ZRANGE", keys::outbox(partition, name_of(channel)), "0", last, "WITHSCORES"});
          befores.push_back(name_among_dead(channel, ""));
        }
      }
    }
    // Done messages have no index: their records remain for a while, and are not listed.
    if (ranges.empty()) co_return std::vector<OutboxMessage>();
    Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(ranges);
    if (!replies) co_return fail(replies);
    std::vector<Scored> found;
    for (std::size_t i = 0; i < replies->size(); ++i) {
      const Result<std::vector<Scored>> some = scored_of(std::move((*replies)[i]));
      if (!some) co_return fail(some);
      for (const auto& [score, id] : *some) found.emplace_back(score, befores[i] + id);
    }
    // Each range is sorted by itself; the page needs the first ones of all ranges together.
    std::ranges::sort(found);
    if (state == MessageState::dead) std::ranges::reverse(found);
    if (found.size() > limit) found.resize(limit);
    std::vector<std::string> names;
    for (auto& [score, name] : found) names.push_back(std::move(name));
    co_return co_await read_messages(std::move(names));
  }

  Async<std::int64_t> dead_messages() override {
    std::vector<RedisCommand> counts;
    for (int partition = 0; partition < partitions_; ++partition) {
      counts.push_back({"ZCARD", keys::dead(partition)});
    }
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(counts);
    if (!replies) co_return fail(replies);
    std::int64_t all = 0;
    for (const RedisReply& reply : *replies) {
      const Result<std::int64_t> some = integer_of(reply);
      if (!some) co_return fail(some);
      all += *some;
    }
    co_return all;
  }

  Async<std::int64_t> retry_message(std::string id) override {
    static const Script script(embedded::lua_retry_message);
    // The caller knows the id of the notification only, so every channel is tried.
    std::int64_t all = 0;
    const int partition = keys::partition_of(id, partitions_);
    for (const Channel channel : {Channel::webhook, Channel::mail}) {
      std::vector<std::string> names = {keys::outbox(partition, name_of(channel)),
                                        keys::message(partition, name_of(channel), id),
                                        keys::dead(partition)};
      std::vector<std::string> arguments = {id, name_among_dead(channel, id),
                                            in_ms(limits_.outbox.waiting_life)};
      const Result<std::int64_t> retried =
          integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
      if (!retried) co_return fail(retried);
      all += *retried;
    }
    co_return all;
  }

 private:
  Async<std::vector<TakenMessage>> take_messages_from(int partition, Channel channel,
                                                      std::size_t limit, Duration lease) {
    static const Script script(embedded::lua_take_messages);
    std::vector<std::string> names = {keys::outbox(partition, name_of(channel)),
                                      keys::message(partition, name_of(channel), "")};
    std::vector<std::string> arguments = {fmt::to_string(limit), fmt::to_string(lease.count())};
    const Result<std::vector<std::string>> taken =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!taken) co_return fail(taken);
    // The script returns ids and scores; the records are read after it, in one round trip.
    std::map<std::string, double> scores;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i + 1 < taken->size(); i += 2) {
      const auto score = number_in<double>((*taken)[i + 1]);
      if (!score) co_return strange_reply();
      ids.push_back(name_among_dead(channel, (*taken)[i]));
      scores[(*taken)[i]] = *score;
    }
    const Result<std::vector<OutboxMessage>> records = co_await read_messages(std::move(ids));
    if (!records) co_return fail(records);
    std::vector<TakenMessage> all;
    for (const OutboxMessage& message : *records) {
      all.push_back({.message = message, .score = scores[message.id]});
    }
    co_return all;
  }

  // The record of each "<channel>:<id>". Expired records are left out, and so are those of a newer
  // release.
  Async<std::vector<OutboxMessage>> read_messages(std::vector<std::string> names) {
    std::vector<OutboxMessage> all;
    std::vector<RedisCommand> commands;
    for (const std::string& name : names) {
      const std::optional<OutboxMessage> message = named(name);
      if (!message) continue;
      const int partition = keys::partition_of(message->id, partitions_);
      commands.push_back(
          {"HGETALL", keys::message(partition, name_of(message->channel), message->id)});
      all.push_back(*message);
    }
    if (commands.empty()) co_return all;
    Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    std::vector<OutboxMessage> readable;
    for (std::size_t i = 0; i < replies->size(); ++i) {
      // One unreadable record must not stop the others: it is logged and left out.
      const Result<bool> read = read_message(std::move((*replies)[i]), all[i]);
      if (!read)
        log_error("message_unreadable", {{"id", all[i].id}, {"why", read.error().message}});
      if (read && *read) readable.push_back(std::move(all[i]));
    }
    co_return readable;
  }

  // Not stored: each process has its own, so that several begin at different partitions.
  int first_ = 0;  // the partition where the next take_messages() begins
};

}  // namespace

std::unique_ptr<Outbox> outbox_in(RedisShared& shared) {
  return std::make_unique<RedisOutbox>(shared);
}

}  // namespace claimcheck
