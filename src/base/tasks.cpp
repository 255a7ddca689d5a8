#include "base/tasks.hpp"

#include "base/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <list>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

struct Task {
  asio::cancellation_signal signal;
  bool cancelled = false;
};

// Cancelling a task makes its waits throw, which is expected. Any other exception is a bug.
void judge(const std::exception_ptr& thrown, bool cancelled) {
  std::string why;
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (cancelled && error.code() == asio::error::operation_aborted) return;
    why = error.what();
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
    why = "not a std::exception";
  }
  log_error("task_failed", {{"why", why}});
  std::abort();
}

}  // namespace

struct Tasks::State {
  asio::any_io_executor executor;
  std::list<Task> running;
};

Tasks::Tasks(asio::any_io_executor executor)
    : state_(std::make_shared<State>(State{std::move(executor), {}})) {}

Tasks::~Tasks() = default;

void Tasks::start(asio::awaitable<void> task) {
  // A list, since its entries keep their place while others end.
  const auto entry = state_->running.emplace(state_->running.end());
  // Holds the state: the last task may end after the Tasks object.
  const auto ended = [state = state_, entry](const std::exception_ptr& thrown) {
    const bool cancelled = entry->cancelled;
    // Erased before the exception is judged, so that running() is right in every case.
    state->running.erase(entry);
    if (thrown) judge(thrown, cancelled);
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(entry->signal.slot(), ended));
}

std::size_t Tasks::running() const { return state_->running.size(); }

void Tasks::cancel() {
  for (auto entry = state_->running.begin(); entry != state_->running.end();) {
    const auto current = entry++;  // emit() may end the task, and so erase it
    current->cancelled = true;
    current->signal.emit(asio::cancellation_type::terminal);
  }
}

asio::awaitable<bool> Tasks::drained(Clock& clock, Duration limit) {
  // Asked again and again: at the end of the process a few milliseconds do not matter.
  constexpr Duration look_again = std::chrono::milliseconds(20);
  const Duration deadline = clock.steady() + limit;
  while (running() > 0) {
    if (clock.steady() >= deadline) co_return false;
    co_await clock.sleep(look_again);
  }
  co_return true;
}

}  // namespace claimcheck
