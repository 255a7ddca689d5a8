#include "api/status_cache.hpp"

#include "base/signal.hpp"
#include "store/codec.hpp"

#include <boost/scope/scope_exit.hpp>

#include <iterator>
#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr int tries_max = 3;
// A read ends by itself long before.
constexpr Duration reading_max = std::chrono::minutes(1);
// List node, map node, shared block and the small texts of an order, by their sizes.
constexpr std::size_t kept_bytes = 512;

// The prompt may be as long as megabytes, and is handed on as it is stored.
Result<StatusCache::Shown> shown(std::string_view bytes) {
  const Result<SessionAroundPrompt> read = decode_around_prompt(bytes);
  if (!read) return fail(read);
  const std::string_view prompt = read->prompt.empty() ? std::string_view("\"\"") : read->prompt;
  return std::make_shared<const OrderStatus>(order_status_of(read->session, prompt));
}

std::size_t cost_of(const OrderStatus& order) { return order.answer.capacity() + kept_bytes; }

}  // namespace

// A read of one order under way.
struct StatusCache::Reading {
  std::vector<std::shared_ptr<Signal>> joined{};  // rung at its end
  bool changed = false;                           // meanwhile, so what it read may be old
};

StatusCache::StatusCache(asio::any_io_executor executor, SessionValues& sessions, CatchUp catch_up,
                         StatusCacheLimits limits)
    : executor_(std::move(executor)),
      sessions_(sessions),
      catch_up_(std::move(catch_up)),
      limits_(limits) {}

Async<StatusCache::Shown> StatusCache::order(std::string session_id) {
  // Whoever joins the read of another looks again afterwards. At last it reads for itself, so that
  // an order which changes all the time keeps nobody waiting.
  for (int left = tries_max; left > 0 && told_; --left) {
    if (const std::shared_ptr<Kept> found = kept(session_id)) {
      const bool caught_up = co_await catch_up_();
      if (!caught_up) break;
      if (!found->dropped) co_return found->order;
      continue;
    }
    const auto reading = readings_.find(session_id);
    if (reading == readings_.end() || left == 1) break;
    const auto ended = std::make_shared<Signal>(executor_);
    reading->second->joined.push_back(ended);
    co_await ended->wait(reading_max);
  }
  co_return co_await read(std::move(session_id));
}

Async<StatusCache::Shown> StatusCache::read(std::string session_id) {
  const auto reading = std::make_shared<Reading>();
  // Only one of several at a time is joined and kept.
  const bool first = readings_.try_emplace(session_id, reading).second;
  const boost::scope::scope_exit end([&] {
    if (first) readings_.erase(session_id);
    for (const auto& joined : reading->joined) joined->ring();
  });
  const Result<SessionBytes> stored = co_await sessions_.read_session(session_id);
  const Result<Shown> order = stored ? shown(stored->bytes) : fail(stored);
  if (first && order && told_ && !reading->changed) keep(session_id, *order);
  co_return order;
}

std::shared_ptr<StatusCache::Kept> StatusCache::kept(const std::string& session_id) {
  const auto place = places_.find(session_id);
  if (place == places_.end()) return nullptr;
  const std::shared_ptr<Kept>& found = *place->second;
  found->used = true;
  return found;
}

void StatusCache::keep(const std::string& session_id, Shown order) {
  changed(session_id);
  if (order->answer.size() > limits_.order_bytes) return;
  bytes_ += cost_of(*order);
  queue_.push_back(std::make_shared<Kept>(session_id, std::move(order)));
  places_.emplace(queue_.back()->session_id, std::prev(queue_.end()));
  make_room();
}

void StatusCache::make_room() {
  while (bytes_ > limits_.bytes) {
    const auto first = queue_.begin();
    if (!std::exchange((*first)->used, false)) {
      drop(first);
    } else {
      queue_.splice(queue_.end(), queue_, first);
    }
  }
}

void StatusCache::drop(Queue::iterator which) {
  const std::shared_ptr<Kept> kept = std::move(*which);
  kept->dropped = true;
  bytes_ -= cost_of(*kept->order);
  places_.erase(kept->session_id);
  queue_.erase(which);
}

void StatusCache::changed(std::string_view session_id) {
  const auto place = places_.find(session_id);
  if (place != places_.end()) drop(place->second);
  const auto reading = readings_.find(std::string(session_id));
  if (reading != readings_.end()) reading->second->changed = true;
}

void StatusCache::told(bool now) {
  told_ = now;
  while (!queue_.empty()) drop(queue_.begin());
  for (const auto& [session_id, reading] : readings_) reading->changed = true;
}

}  // namespace claimcheck
