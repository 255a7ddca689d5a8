// Webhooks: sends events to one endpoint as Stripe does: a pretty-printed body, and a
// Stripe-Signature with one v1 per secret (and the fake v0 of test events). A delivery is repeated
// until a 2xx, with a new signature each time. Stripe does not publish its intervals. Here they
// start at 1 s and double up to 30 s, so that a developer need not wait, and end after three days.
// Every attempt is recorded.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/json_text.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace claimcheck::sandbox {

struct Endpoint {
  std::string url;                   // empty = none
  std::vector<std::string> secrets;  // several during a rotation
};

// "whsec_a,whsec_b"
std::vector<std::string> split_secrets(const std::string& text);

std::string signature_header(const std::vector<std::string>& secrets, std::int64_t unix_s,
                             std::string_view body);

class Webhooks {
 public:
  struct Attempt {
    std::string event;
    std::string type;
    std::int64_t attempt = 0;
    int status = 0;  // 0 = no answer
    Time at;
  };

  Webhooks(HttpClient& http, MovableClock& clock, Agenda& agenda, Tasks& tasks, Faults& faults,
           Endpoint endpoint);

  const Endpoint& endpoint() const { return endpoint_; }
  void set_endpoint(Endpoint endpoint) { endpoint_ = std::move(endpoint); }
  void pause() { paused_ = true; }
  void resume();

  // Sends the event unless a fault drops it; without an endpoint nothing is sent.
  void send(const Object& event);
  // Sends it again, regardless of earlier deliveries and of all faults.
  void resend(const Object& event, std::int64_t copies);

  bool delivered(const std::string& event) const { return delivered_.contains(event); }
  const std::deque<Attempt>& attempts() const { return attempts_; }

 private:
  struct Delivery {
    std::string event;
    std::string type;
    std::string body;
    std::int64_t attempt = 0;
    Duration interval = std::chrono::seconds(1);
    Time give_up;
  };
  using DeliveryPtr = std::shared_ptr<Delivery>;
  void start(const Object& event, std::int64_t copies, Duration delay);
  void attempt(DeliveryPtr delivery);
  boost::asio::awaitable<void> deliver(DeliveryPtr delivery);

  HttpClient& http_;
  MovableClock& clock_;
  Agenda& agenda_;
  Tasks& tasks_;
  Faults& faults_;
  Endpoint endpoint_;
  bool paused_ = false;
  std::vector<DeliveryPtr> waiting_;  // due while paused
  std::unordered_set<std::string> delivered_;
  std::deque<Attempt> attempts_;
};

}  // namespace claimcheck::sandbox
