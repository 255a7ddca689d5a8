// Session storage in a program of your own: session_storage <redis url> <session id> stores an
// order, adds a member to it and prints what is stored then.
#include "net/redis/redis.hpp"
#include "store/redis/store.hpp"
#include "store/sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

using namespace claimcheck;

namespace {

Async<SessionData> order(Store& store, Clock& clock, std::string id) {
  SessionData session{.prompt = "A cat \U0001F408", .status = SessionStatus::pending};
  if (auto stored = co_await store_session(*store.sessions, clock, id, session); !stored) {
    co_return std::unexpected(stored.error());
  }
  const std::vector<MemberChange> style = {{"style", json_text("noir")}};
  co_return co_await update_session(*store.sessions, clock, id, style);
}

boost::asio::awaitable<void> run(Redis& redis, Clock& clock, std::string id, int& exit_code) {
  RedisStore store(redis, StoreLimits{});
  redis.start();
  for (int tries = 0; !redis.ready() && tries < 100; ++tries) {
    co_await clock.sleep(std::chrono::milliseconds(50));
  }
  if (auto stored = co_await order(store, clock, id)) {
    std::cout << encode_session(*stored) << std::endl;
    exit_code = 0;
  } else {
    std::cerr << stored.error().message << std::endl;
  }
  redis.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: session_storage <redis url> <session id>" << std::endl;
    return 2;
  }
  const auto address = RedisAddress::parse(argv[1]);
  if (!address) {
    std::cerr << address.error().message << std::endl;
    return 2;
  }
  RealClock clock;
  boost::asio::io_context io{1};
  Redis redis(io.get_executor(), clock, {.address = *address});
  int exit_code = 1;
  boost::asio::co_spawn(io, run(redis, clock, argv[2], exit_code), boost::asio::detached);
  io.run();
  return exit_code;
}
