// OrderEvents: pushes the status of orders to their followers (text/event-stream). Each message is
// the answer to a status question, with its fingerprint as id; between messages a comment keeps the
// connection alive. A changed order is read once, for any number of followers. A slow follower may
// miss states in between, never the last one. It lives in the one thread of its executor. Each
// stream holds a share of its state.
#pragma once

#include "api/status_cache.hpp"
#include "flow/payment.hpp"
#include "net/http/http.hpp"
#include "report/queue_place.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// What it costs when Redis announces no changes, for people.
inline constexpr const char* unannounced_cost =
    "each question about an order reads Redis, each order that somebody follows is read once a "
    "second, and an order that a full process woke waits for the next look at the work index";

struct OrderEventsLimits {
  Duration heartbeat =
      std::chrono::seconds(15);              // proxies close a connection after a minute of silence
  Duration retry = std::chrono::seconds(2);  // before a browser comes again
  // While Redis announces no changes, orders that are not over are read so often, and at most so
  // many of them each time: the others are next.
  Duration unannounced_wait = std::chrono::seconds(1);
  std::size_t unannounced_reads = 500;
};

class OrderEvents {
 public:
  // How long orders take at present, if it is known.
  using Expected = std::function<std::optional<std::int64_t>()>;

  // `visits` refreshes unpaid orders while somebody follows them.
  OrderEvents(boost::asio::any_io_executor executor, StatusCache& shown, Visits& visits,
              OrderEventsLimits limits = {}, Expected expected_s = {}, QueueOf queue_of = {});
  ~OrderEvents();
  OrderEvents(const OrderEvents&) = delete;
  OrderEvents& operator=(const OrderEvents&) = delete;

  // The answer is a stream. It begins with the present status, unless `last_event_id` is the id of
  // that. Errors: as get_session(); then there is nothing to follow.
  Async<HttpResponse> follow(std::string session_id, std::string last_event_id);

  // The session value of this order was written, or vanished.
  void changed(std::string_view session_id);
  // Whether changed() is called from now on. While it is not, followed orders are read every
  // second, and those that are over at each heartbeat.
  void told(bool now);
  // Ends all streams; new ones end at once.
  void stop();

 private:
  struct Followed;
  struct Follower;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
