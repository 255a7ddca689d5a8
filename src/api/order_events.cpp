#include "api/order_events.hpp"

#include "api/status_answer.hpp"
#include "base/signal.hpp"
#include "base/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

using Piece = std::shared_ptr<const std::string>;

}  // namespace

// An order with followers. Only the id of the last message is kept, not its text.
struct OrderEvents::Followed {
  std::string session_id{};
  std::string sent_id{};
  std::optional<Time> unpaid_since{};
  std::vector<Follower*> followers{};
  bool reading = false;
  bool again = false;  // it changed while it was read
  bool stale = false;  // it may have changed, and could not be read
  bool over = false;   // hardly anything will change any more
};

struct OrderEvents::State {
  asio::any_io_executor executor;
  StatusCache& shown;
  Visits& visits;
  OrderEventsLimits limits;
  Expected expected_s;
  QueueOf queue_of;
  Tasks tasks{executor};
  std::unordered_map<std::string, std::shared_ptr<Followed>> orders{};
  Signal unannounced{executor};
  std::size_t next_unannounced = 0;  // of the orders that are not over
  bool polls = false;
  bool told = false;
  bool stopped = false;
  Piece heartbeat = std::make_shared<const std::string>(":\n\n");

  static void look(const std::shared_ptr<State>& state, const std::shared_ptr<Followed>& order);
  static asio::awaitable<void> read(std::shared_ptr<State> state, std::shared_ptr<Followed> order);
  static void begin_to_poll(const std::shared_ptr<State>& state);
  static asio::awaitable<void> poll_unannounced(std::shared_ptr<State> state);
  static asio::awaitable<Piece> next(std::shared_ptr<Follower> follower);
  asio::awaitable<Piece> message_of(const OrderStatus& order, std::string session_id);
  void publish(Followed& order, const OrderStatus& shown, const Piece& message);
};

// One stream: held by its answer, and gone with the connection.
struct OrderEvents::Follower {
  std::shared_ptr<State> state;
  std::shared_ptr<Followed> order;
  Signal signal;
  Piece news{};  // the newest state that was not sent yet

  Follower(std::shared_ptr<State> s, std::shared_ptr<Followed> o)
      : state(std::move(s)), order(std::move(o)), signal(state->executor) {
    order->followers.push_back(this);
  }
  ~Follower() {
    // The last follower takes the order with it, so only followed orders cost memory.
    std::erase(order->followers, this);
    if (order->followers.empty()) state->orders.erase(order->session_id);
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
};

// The expected time and the place in a line are sent along, but they are not part of the id: when
// they change, the order has not.
asio::awaitable<Piece> OrderEvents::State::message_of(const OrderStatus& order,
                                                      std::string session_id) {
  Expectation expected;
  if (expected_s) expected.seconds = expected_s();
  if (order.queued && queue_of) expected.queue = co_await queue_of(std::move(session_id));
  const std::string status = status_answer(order, expected);  // one line
  co_return std::make_shared<const std::string>(
      fmt::format("id: {}\ndata: {}\n\n", order.id, status));
}

void OrderEvents::State::publish(Followed& order, const OrderStatus& shown, const Piece& message) {
  order.stale = false;
  order.over = shown.ended() && !shown.refund_pending;
  // Kept for next(): while a follower waits, an unpaid order is refreshed.
  order.unpaid_since.reset();
  if (shown.status == SessionStatus::pending) order.unpaid_since = shown.created;
  if (shown.status == SessionStatus::completed) {
    // As a task: the message to the followers does not wait for this write.
    tasks.start(visits.visit_delivered(order.session_id));
  }
  // Redis notifies of every write, also of those that change nothing for the buyer.
  if (std::exchange(order.sent_id, shown.id) == shown.id) return;
  for (Follower* follower : order.followers) {
    // Replaces a message that a slow reader has not taken yet: only the newest state counts.
    follower->news = message;
    follower->signal.ring();
  }
}

// One read at a time for each order. A change during a read leads to another read after it.
void OrderEvents::State::look(const std::shared_ptr<State>& state,
                              const std::shared_ptr<Followed>& order) {
  order->again = true;
  if (!std::exchange(order->reading, true)) state->tasks.start(read(state, order));
}

asio::awaitable<void> OrderEvents::State::read(std::shared_ptr<State> state,
                                               std::shared_ptr<Followed> order) {
  while (std::exchange(order->again, false) && !order->followers.empty()) {
    const auto shown = co_await state->shown.order(order->session_id);
    // Not found is an answer: the value has expired. After any other error the next heartbeat tries
    // again.
    order->stale = !shown && shown.error().code != Errc::not_found;
    if (!shown) continue;
    const Piece message = co_await state->message_of(**shown, order->session_id);
    state->publish(*order, **shown, message);
  }
  order->reading = false;
}

void OrderEvents::State::begin_to_poll(const std::shared_ptr<State>& state) {
  if (!state->told && !std::exchange(state->polls, true)) {
    state->tasks.start(poll_unannounced(state));
  }
}

// Some managed Redis refuse to announce changes, and between two connections nothing is announced.
asio::awaitable<void> OrderEvents::State::poll_unannounced(std::shared_ptr<State> state) {
  while (true) {
    co_await state->unannounced.wait(state->limits.unannounced_wait);
    if (state->told || state->stopped || state->orders.empty()) break;
    std::vector<std::shared_ptr<Followed>> waiting;
    for (const auto& [session_id, order] : state->orders) {
      if (!order->over) waiting.push_back(order);
    }
    const std::size_t some = std::min(waiting.size(), state->limits.unannounced_reads);
    for (std::size_t i = 0; i < some; ++i) {
      look(state, waiting[state->next_unannounced++ % waiting.size()]);
    }
  }
  state->polls = false;
}

asio::awaitable<Piece> OrderEvents::State::next(std::shared_ptr<Follower> follower) {
  const std::shared_ptr<State> state = follower->state;
  const std::shared_ptr<Followed> order = follower->order;
  if (!follower->news && !state->stopped) co_await follower->signal.wait(state->limits.heartbeat);
  // A null piece ends the stream. The browser then connects again, to a process that still serves.
  if (state->stopped) co_return nullptr;
  if (follower->news) co_return std::exchange(follower->news, nullptr);
  // No message for a while. That means "no change" only while changes are announced.
  if (order->stale || !state->told) look(state, order);
  // The page that follows makes no visits of its own, so the stream makes them.
  if (order->unpaid_since) {
    co_await state->visits.visit(order->session_id, *order->unpaid_since);
  }
  co_return state->heartbeat;
}

OrderEvents::OrderEvents(asio::any_io_executor executor, StatusCache& shown, Visits& visits,
                         OrderEventsLimits limits, Expected expected_s, QueueOf queue_of)
    : state_(std::make_shared<State>(std::move(executor), shown, visits, limits,
                                     std::move(expected_s), std::move(queue_of))) {}

OrderEvents::~OrderEvents() { stop(); }

Async<HttpResponse> OrderEvents::follow(std::string session_id, std::string last_event_id) {
  const std::shared_ptr<State> state = state_;
  std::shared_ptr<Followed>& place = state->orders[session_id];
  if (!place) place = std::make_shared<Followed>(session_id);
  // It follows first and reads second: a change in between is announced and not missed.
  const auto follower = std::make_shared<Follower>(state, place);
  State::begin_to_poll(state);
  const auto shown = co_await state->shown.order(session_id);
  if (!shown) co_return fail(shown);
  const Piece message = co_await state->message_of(**shown, std::move(session_id));
  // The other followers of this order get it too, if they do not have it yet.
  state->publish(*follower->order, **shown, message);
  follower->news = (*shown)->id == last_event_id ? nullptr : message;

  HttpResponse response;
  response.headers = {{"content-type", "text/event-stream"}, {"x-accel-buffering", "no"}};
  response.body = fmt::format("retry: {}\n\n", state->limits.retry / std::chrono::milliseconds(1));
  response.stream = [follower] { return State::next(follower); };
  co_return response;
}

void OrderEvents::changed(std::string_view session_id) {
  const auto found = state_->orders.find(std::string(session_id));
  if (found != state_->orders.end()) State::look(state_, found->second);
}

void OrderEvents::told(bool now) {
  state_->told = now;
  if (!now) {
    State::begin_to_poll(state_);
    return;
  }
  // Changes before this moment were not announced, so every followed order is read once.
  for (const auto& [session_id, order] : state_->orders) State::look(state_, order);
}

void OrderEvents::stop() {
  state_->stopped = true;
  state_->unannounced.ring();
  for (const auto& [session_id, order] : state_->orders) {
    for (Follower* follower : order->followers) follower->signal.ring();
  }
}

}  // namespace claimcheck
