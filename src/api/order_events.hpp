// OrderEvents: the status of orders, pushed to whoever follows them (text/event-stream). Each
// message is what a status question would answer, with its fingerprint as id; between messages a
// comment keeps the connection alive. An order that changed is read once, however many follow it.
// A follower that reads slowly misses what came between, never the last. Lives in one thread, that
// of its executor, and outlives the streams it gave, which hold what they need of it.
#pragma once

#include "flow/payment.hpp"
#include "net/http/http.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

struct OrderEventsLimits {
  Duration heartbeat = std::chrono::seconds(15);  // proxies give up on a minute of silence
  Duration retry = std::chrono::seconds(2);       // before a browser comes again
};

class OrderEvents {
 public:
  // How long orders take at present, if it is known.
  using Expected = std::function<std::optional<std::int64_t>()>;

  // `visits` looks after orders that are not known to be paid while somebody waits for them.
  OrderEvents(boost::asio::any_io_executor executor, SessionValues& sessions, Visits& visits,
              OrderEventsLimits limits = {}, Expected expected_s = {});
  ~OrderEvents();
  OrderEvents(const OrderEvents&) = delete;
  OrderEvents& operator=(const OrderEvents&) = delete;

  // An answer that goes on. Begins with the present status, unless `last_event_id` is its id.
  // Errors as of get_session: there is nothing to follow then.
  Async<HttpResponse> follow(std::string session_id, std::string last_event_id);

  // The session value of this order was written, or vanished.
  void changed(std::string_view session_id);
  // Whether changes are told at all from now on. While they are not, each heartbeat looks.
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
