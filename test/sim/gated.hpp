// The seams of a simulated process, each behind its gate: a clock, an HTTP client and a store that
// stop for ever when the process crashes. The store also fails, before or after it did what it was
// asked to, and tells the judge what buyers were shown.
#pragma once

#include "net/http/http.hpp"
#include "sim/gate.hpp"
#include "sim/judge.hpp"
#include "store/store.hpp"

namespace claimcheck::sim {

// Its machine's wall clock can be wrong, and jump; its steady time cannot.
class GatedClock final : public Clock {
 public:
  GatedClock(Clock& clock, Gate& gate) : clock_(clock), gate_(gate) {}
  void step(Duration length) { ahead_ += length; }
  Time now() const override { return clock_.now() + ahead_; }
  Duration steady() const override { return clock_.steady(); }
  boost::asio::awaitable<void> sleep(Duration length) override {
    co_await clock_.sleep(length);
    co_await gate_.pass_after_sleep();
  }

 private:
  Clock& clock_;
  Gate& gate_;
  Duration ahead_{0};
};

class GatedClient final : public HttpClient {
 public:
  GatedClient(HttpClient& http, Gate& gate) : http_(http), gate_(gate) {}
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    co_await gate_.pass();
    Result<HttpResponse> answer = co_await http_.send(std::move(call));
    co_await gate_.pass();
    co_return answer;
  }

 private:
  HttpClient& http_;
  Gate& gate_;
};

struct StoreFaults {
  double refused = 0;  // nothing was done
  double lost = 0;     // done, but the answer is lost
  bool down = false;
};

// What stands between a simulated process and the store that all of them share.
struct StoreGate {
  Store& store;  // shared
  Gate& gate;
  Clock& clock;
  Chance& chance;
  const StoreFaults& faults;
  Judge& judge;
};

class GatedStore final : private StoreGate, public Store {
 public:
  explicit GatedStore(StoreGate gate);
};

}  // namespace claimcheck::sim
