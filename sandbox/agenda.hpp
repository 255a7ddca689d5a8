// The sandbox's time. MovableClock is a clock that can be moved forward. Agenda is a list of
// actions with the time each is due: a generation finishes, a session expires, a webhook is
// repeated. Moving the clock forward runs at once every action that became due. Durations and
// sleeps stay real.
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
  // The real time, for signatures that peers compare with their own clocks.
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
