#include "net/redis/acks.hpp"

#include "base/assert.hpp"
#include "base/tasks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr auto quiet = asio::as_tuple(asio::deferred);

struct Write {
  Write(const asio::any_io_executor& executor, RedisCommand c)
      : command(std::move(c)), answered(executor, asio::steady_timer::time_point::max()) {}

  RedisCommand command;
  std::optional<Result<RedisReply>> result;
  asio::steady_timer answered;  // cancelled when the result exists
};
using Writes = std::vector<std::shared_ptr<Write>>;

std::string in_ms(Duration length) { return fmt::to_string(length / std::chrono::milliseconds(1)); }

std::vector<RedisCommand> waits(AckDemand demand) {
  std::vector<RedisCommand> commands;
  if (demand.replicas > 0) {
    commands.push_back(
        RedisCommand{"WAIT", fmt::to_string(demand.replicas), in_ms(replica_wait_max)});
  }
  if (demand.fsync) commands.push_back(RedisCommand{"WAITAOF", "1", "0", in_ms(disk_wait_max)});
  return commands;
}

// WAIT answers how many replicas have the write. WAITAOF answers two numbers of disks: the server's
// own, then those of replicas.
std::string missing_replicas(const RedisReply& reply, int demanded) {
  const std::int64_t* have = reply.integer();
  if (have != nullptr && *have >= demanded) return {};
  if (have == nullptr) return "Redis cannot wait for replicas";
  return fmt::format("{} of {} replicas have the write", *have, demanded);
}

std::string missing_disk(const RedisReply& reply) {
  const RedisReply::Array* counts = reply.array();
  if (counts == nullptr || counts->empty()) return "Redis cannot wait for its disk";
  const std::int64_t* local = counts->front().integer();
  return local != nullptr && *local >= 1 ? "" : "the write is not on Redis' disk yet";
}

// The part of the demand that is missing; empty = none. `replies` are those of waits().
std::string missing(AckDemand demand, std::span<const RedisReply> replies) {
  if (demand.replicas > 0) {
    std::string short_of = missing_replicas(replies.front(), demand.replicas);
    if (!short_of.empty()) return short_of;
  }
  return demand.fsync ? missing_disk(replies.back()) : "";
}

}  // namespace

// It may live longer than the RedisAcks, while a request is under way.
struct RedisAcks::State {
  explicit State(Redis& shared)
      : redis(shared.executor(), shared.clock(), shared.options()), tasks(shared.executor()) {
    // After a failover that the shared connection has not seen it would read a former primary.
    redis.tell_changes_to([this, &shared](bool now) {
      if (now && shared.place() != redis.place()) shared.reopen("another server is the primary");
    });
  }

  Redis redis;
  Tasks tasks;
  AckDemand demand;
  Writes waiting;
  bool sending = false;

  static asio::awaitable<void> send_all(std::shared_ptr<State> state);
  Writes next_batch();
};

// The oldest writes, and not too many: each needs memory for its answer, and all wait for the
// slowest.
Writes RedisAcks::State::next_batch() {
  const std::size_t count = std::min(waiting.size(), ack_batch_max);
  const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
  Writes batch(std::make_move_iterator(waiting.begin()), std::make_move_iterator(end));
  waiting.erase(waiting.begin(), end);
  return batch;
}

// Sends one request after the other until no write waits any more. It runs once at a time: a second
// request would only queue in the server, whose connection waits inside WAIT.
asio::awaitable<void> RedisAcks::State::send_all(std::shared_ptr<State> state) {
  while (!state->waiting.empty()) {
    const Writes batch = state->next_batch();
    // Copied: a new demand is for the next batch; the answers to this one belong to the old demand.
    const AckDemand demand = state->demand;
    std::vector<RedisCommand> commands;
    for (const auto& write : batch) commands.push_back(std::move(write->command));
    std::ranges::move(waits(demand), std::back_inserter(commands));
    // Writes that arrive meanwhile are the next batch.
    auto replies = co_await state->redis.exec_all(commands);
    std::string short_of;
    if (replies) short_of = missing(demand, std::span(*replies).subspan(batch.size()));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Write& write = *batch[i];
      if (!replies) {
        write.result = fail(replies);  // all of them were one request on one connection
        // A write that failed has changed nothing, so no replica has to have it.
      } else if ((*replies)[i].failure() != nullptr || short_of.empty()) {
        write.result = std::move((*replies)[i]);
      } else {
        // The write is done, but a failover could lose it: the caller must treat it as uncertain.
        write.result = fail(Errc::ambiguous, short_of);
      }
      write.answered.cancel();
    }
  }
  state->sending = false;
}

RedisAcks::RedisAcks(Redis& shared) : shared_(shared) {}
RedisAcks::~RedisAcks() { stop(); }

void RedisAcks::demand(AckDemand demand) {
  // The second connection is opened only when it is needed.
  if (!state_ && !demand) return;
  if (!state_) {
    state_ = std::make_shared<State>(shared_);
    state_->redis.start();
  }
  state_->demand = demand;
}

bool RedisAcks::ready() const { return !state_ || state_->redis.ready(); }

void RedisAcks::stop() {
  if (state_) state_->redis.stop();
}

asio::awaitable<Result<RedisReply>> RedisAcks::exec(const RedisCommand& command) {
  const std::shared_ptr<State> state = state_;
  if (!state) co_return co_await shared_.exec(command);
  // Copied: a caller may be cancelled while his write is under way.
  const auto write = std::make_shared<Write>(shared_.executor(), command);
  state->waiting.push_back(write);
  if (!std::exchange(state->sending, true)) state->tasks.start(State::send_all(state));
  // The loop reads the result, not the timer: the result may exist before the wait begins.
  while (!write->result) co_await write->answered.async_wait(quiet);
  co_return std::move(*write->result);
}

}  // namespace claimcheck
