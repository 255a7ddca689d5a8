// at_once: several coroutines that run side by side, and one that waits for all of them. A
// cancellation of the one that waits reaches the others. An exception of one is thrown when all
// have ended.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace claimcheck {

// At least one; their results in the same sequence.
template <typename T>
boost::asio::awaitable<std::vector<T>> at_once(std::vector<boost::asio::awaitable<T>> all) {
  namespace asio = boost::asio;
  const auto executor = co_await asio::this_coro::executor;
  const auto begun = [&executor](asio::awaitable<T> one) {
    return asio::co_spawn(executor, std::move(one), asio::deferred);
  };
  std::vector<decltype(begun(std::move(all.front())))> running;
  for (asio::awaitable<T>& one : all) running.push_back(begun(std::move(one)));
  auto [order, failures, results] =
      co_await asio::experimental::make_parallel_group(std::move(running))
          .async_wait(asio::experimental::wait_for_all(), asio::deferred);
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  co_return std::move(results);
}

}  // namespace claimcheck
