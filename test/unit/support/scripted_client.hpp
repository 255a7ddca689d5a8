// ScriptedClient: an HttpClient that answers from a list and records what it was sent; when the
// list is used up, nobody answers. Runner: runs one coroutine to its end on a clock that jumps to
// the next sleeper whenever nothing else can happen, so no test waits.
#pragma once

#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace claimcheck::test {

class ScriptedClient final : public HttpClient {
 public:
  std::deque<Result<HttpResponse>> answers;
  std::vector<HttpCall> calls;
  // Asked before the list; what it answers is not recorded.
  std::function<std::optional<HttpResponse>(const HttpCall&)> aside;
  // What others do while the call of that number (from 1) is under way.
  std::map<std::size_t, std::function<boost::asio::awaitable<void>()>> meanwhile;

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    if (auto answered = aside ? aside(call) : std::nullopt) co_return std::move(*answered);
    calls.push_back(std::move(call));
    if (const auto deed = meanwhile.find(calls.size()); deed != meanwhile.end()) {
      co_await deed->second();
    }
    if (answers.empty()) co_return fail(Errc::not_sent, "no answer is left");
    Result<HttpResponse> answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }
};

struct Runner {
  boost::asio::io_context io;
  ManualClock clock{from_unix_s(1'790'000'000)};

  template <typename T>
  T operator()(boost::asio::awaitable<T> task) {
    std::optional<T> result;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
      thrown = error;
      result = std::move(value);
    });
    while (!result) {
      io.restart();
      if (io.poll() > 0) continue;
      const std::optional<Time> wake = clock.next_wake();
      if (!wake) break;
      clock.advance(*wake - clock.now());
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(result.value());
  }
};

}  // namespace claimcheck::test
