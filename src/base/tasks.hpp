// Tasks: the only place that starts coroutines which nothing waits for. It counts them, so that a
// graceful stop can wait for the last one and cancel those that take too long. An exception that
// leaves a task is a bug and aborts; only a cancelled task may end with one.
// Owned by the composition root; all tasks run on its one executor.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>

namespace claimcheck {

class Tasks {
 public:
  explicit Tasks(boost::asio::any_io_executor executor);
  ~Tasks();
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  // The objects that the task borrows must outlive it; drained() waits for its end.
  void start(boost::asio::awaitable<void> task);
  std::size_t running() const;
  // Asks every running task to end: their pending waits are cancelled.
  void cancel();
  // Returns when no task runs any more or the time is over; true = all ended.
  boost::asio::awaitable<bool> drained(Clock& clock, Duration limit);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
