// What a simulated process reaches the world with: a clock, an HTTP client and a store. All three
// stop for ever when the process crashes. The store also fails, before or after it did what it was
// asked to, and tells the judge what buyers were shown.
#pragma once

#include "net/http/http.hpp"
#include "sim/crash_point.hpp"
#include "sim/judge.hpp"
#include "store/store.hpp"

namespace claimcheck::sim {

// Its machine's wall clock can be wrong, and jump; its steady time cannot.
class ProcessClock final : public Clock {
 public:
  ProcessClock(Clock& clock, CrashPoint& crash_point) : clock_(clock), crash_point_(crash_point) {}
  void step(Duration length) { ahead_ += length; }
  Time now() const override { return clock_.now() + ahead_; }
  Duration steady() const override { return clock_.steady(); }
  boost::asio::awaitable<void> sleep(Duration length) override {
    co_await clock_.sleep(length);
    co_await crash_point_.pass_after_sleep();
  }

 private:
  Clock& clock_;
  CrashPoint& crash_point_;
  Duration ahead_{0};
};

class ProcessClient final : public HttpClient {
 public:
  ProcessClient(HttpClient& http, CrashPoint& crash_point)
      : http_(http), crash_point_(crash_point) {}
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    co_await crash_point_.pass();
    Result<HttpResponse> answer = co_await http_.send(std::move(call));
    co_await crash_point_.pass();
    co_return answer;
  }

 private:
  HttpClient& http_;
  CrashPoint& crash_point_;
};

struct StoreFaults {
  double refused = 0;  // nothing was done
  double lost = 0;     // done, but the answer is lost
  bool down = false;
};

// What stands between a simulated process and the store that all of them share.
struct FaultyStoreParts {
  Store& store;  // shared
  CrashPoint& crash_point;
  Clock& clock;
  Chance& chance;
  const StoreFaults& faults;
  Judge& judge;
};

class FaultyStore final : private FaultyStoreParts, public Store {
 public:
  explicit FaultyStore(FaultyStoreParts parts);
};

}  // namespace claimcheck::sim
