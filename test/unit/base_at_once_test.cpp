// Coroutines side by side: they overlap, their results keep their places, and neither an exception
// nor a cancellation leaves one of them behind.
#include "base/at_once.hpp"
#include "base/clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

struct Side {
  asio::io_context io;
  ManualClock clock{from_unix_s(0)};
  int ended = 0;
  std::exception_ptr thrown{};
  std::optional<std::vector<int>> results{};

  asio::awaitable<int> number(int value, int after_s) {
    co_await clock.sleep(seconds(after_s));
    ++ended;
    if (value < 0) throw std::runtime_error("a bug");
    co_return value;
  }
  void begin(std::vector<asio::awaitable<int>> all, asio::cancellation_slot slot = {}) {
    asio::co_spawn(io, at_once(std::move(all)),
                   asio::bind_cancellation_slot(
                       slot, [this](const std::exception_ptr& error, std::vector<int> got) {
                         thrown = error;
                         results = std::move(got);
                       }));
    io.poll();
  }
  void pass(int time_s) {
    clock.advance(seconds(time_s));
    io.restart();
    io.poll();
  }
};

std::vector<asio::awaitable<int>> three(Side& side, int last) {
  std::vector<asio::awaitable<int>> all;
  all.push_back(side.number(1, 3));
  all.push_back(side.number(2, 1));
  all.push_back(side.number(last, 2));
  return all;
}

TEST_CASE("at once: all run side by side, and their results keep their places") {
  Side side;
  side.begin(three(side, 3));
  side.pass(2);
  CHECK(side.ended == 2);
  CHECK_FALSE(side.results.has_value());
  side.pass(1);
  REQUIRE(side.results.has_value());
  CHECK(*side.results == std::vector{1, 2, 3});
  CHECK_FALSE(side.thrown);
}

TEST_CASE("at once: an exception is thrown when all have ended") {
  Side side;
  side.begin(three(side, -1));
  side.pass(2);
  CHECK_FALSE(side.thrown);
  side.pass(1);
  CHECK(side.ended == 3);
  CHECK_THROWS_WITH(std::rethrow_exception(side.thrown), "a bug");
}

TEST_CASE("at once: a cancellation reaches all of them") {
  Side side;
  asio::cancellation_signal cancel;
  side.begin(three(side, 3), cancel.slot());
  cancel.emit(asio::cancellation_type::terminal);
  side.io.restart();
  side.io.poll();
  CHECK(side.results.has_value());
  CHECK_FALSE(side.clock.next_wake().has_value());  // nobody waits for it any more
}

}  // namespace
}  // namespace claimcheck
