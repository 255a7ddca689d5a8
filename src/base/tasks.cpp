#include "base/tasks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <cstdlib>
#include <list>

namespace claimcheck {

namespace asio = boost::asio;

struct Tasks::State {
  asio::any_io_executor executor;
  std::list<asio::cancellation_signal> running;
};

Tasks::Tasks(asio::any_io_executor executor)
    : state_(std::make_shared<State>(State{std::move(executor), {}})) {}

Tasks::~Tasks() = default;

void Tasks::start(asio::awaitable<void> task) {
  const auto entry = state_->running.emplace(state_->running.end());
  // Shares the state: the last task may end after the Tasks object.
  const auto ended = [state = state_, entry](std::exception_ptr thrown) {
    state->running.erase(entry);
    if (thrown) std::rethrow_exception(thrown);  // a bug: ends the process through run()
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(entry->slot(), ended));
}

std::size_t Tasks::running() const { return state_->running.size(); }

void Tasks::cancel() {
  for (auto entry = state_->running.begin(); entry != state_->running.end();) {
    const auto current = entry++;  // emitting may end and erase the task
    current->emit(asio::cancellation_type::terminal);
  }
}

asio::awaitable<bool> Tasks::drained(Clock& clock, Duration limit) {
  constexpr Duration look_again = std::chrono::milliseconds(20);
  const Duration deadline = clock.steady() + limit;
  while (running() > 0) {
    if (clock.steady() >= deadline) co_return false;
    co_await clock.sleep(look_again);
  }
  co_return true;
}

}  // namespace claimcheck
