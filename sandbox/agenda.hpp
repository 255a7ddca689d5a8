// The sandbox's time: MovableClock is a clock that can be put forward, Agenda a list of deeds with
// the moment each is due (a generation is finished, a session expires, a webhook is tried again).
// Putting the clock forward runs at once what became due. Durations and sleeps stay real.
#pragma once

#include "base/clock.hpp"
#include "base/tasks.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>

namespace claimcheck::sandbox {

class MovableClock final : public Clock {
 public:
  explicit MovableClock(Clock& base) : base_(base) {}
  Time now() const override { return base_.now() + offset_; }
  Duration steady() const override { return base_.steady(); }
  boost::asio::awaitable<void> sleep(Duration length) override { return base_.sleep(length); }
  void advance(Duration length) { offset_ += length; }
  // What other machines' clocks say: for signatures that peers check against their own time.
  Time outside_now() const { return base_.now(); }

 private:
  Clock& base_;
  Duration offset_{0};
};

class Agenda {
 public:
  Agenda(MovableClock& clock, Tasks& tasks) : clock_(clock), tasks_(tasks) {}
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  void at(Time due, std::function<void()> deed);
  void after(Duration delay, std::function<void()> deed);
  void run_due();

 private:
  boost::asio::awaitable<void> wake(Duration delay);

  MovableClock& clock_;
  Tasks& tasks_;
  std::multimap<Time, std::function<void()>> deeds_;
};

}  // namespace claimcheck::sandbox
