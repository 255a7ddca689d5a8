#include "cli/store.hpp"

#include "app/connect.hpp"
#include "base/tasks.hpp"
#include "base/text.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <iostream>

namespace claimcheck {

namespace {

boost::asio::awaitable<void> run(StoreConnection& connection, Clock& machine, const Config& config,
                                 const StoreDeed& deed, ExitCode& code) {
  const Result<void> ready = co_await connection.prepare(machine, config);
  code = ready ? co_await deed(connection.store(), connection.place()) : complain(ready.error());
  connection.stop();
}

boost::asio::awaitable<void> run_timed(StoreConnection& connection, Clock& machine,
                                       const Config& config, const TimedDeed& deed,
                                       ExitCode& code) {
  FollowingClock clock(machine);
  const Result<void> ready = co_await connection.prepare(clock, config);
  Result<RedisVerdict> verdict = RedisVerdict();
  if (ready) verdict = co_await connection.examine(machine, config);
  if (ready && verdict) {
    if (verdict->ahead) clock.follow(machine.now() + *verdict->ahead);
    code = co_await deed(connection.store(), clock);
  } else {
    code = complain(ready ? verdict.error() : ready.error());
  }
  connection.stop();
}

template <typename Deed, typename Runner>
ExitCode run_connected(const Config& config, const Deed& deed, Runner runner) {
  RealClock machine;
  boost::asio::io_context io{1};
  Result<StoreConnection> connection =
      StoreConnection::open_for_reading(io.get_executor(), machine, config);
  if (!connection) return complain(connection.error());
  ExitCode code = ExitCode::failed;
  Tasks tasks(io.get_executor());
  tasks.start(runner(*connection, machine, config, deed, code));
  io.run();
  return code;
}

boost::asio::awaitable<ExitCode> show(Store& store, std::string) {
  const Result<RefundBreaker> breaker = co_await store.refund_breaker();
  if (!breaker) co_return complain(breaker.error());
  if (breaker->reason.empty()) {
    std::cout << "automatic refunds go on\n";
  } else {
    std::cout << fmt::format(
        "automatic refunds are stopped since {}: {}\n"
        "Look at what fails (claimcheck session list), then: claimcheck refunds release\n",
        to_iso(breaker->opened), printable(breaker->reason));
  }
  co_return ExitCode::ok;
}

boost::asio::awaitable<ExitCode> release(Store& store, std::string) {
  const Result<bool> released = co_await store.release_refunds();
  if (!released) co_return complain(released.error());
  std::cout << (*released ? "released: waiting refunds go on within five minutes\n"
                          : "automatic refunds were not stopped; counting begins anew\n");
  co_return ExitCode::ok;
}

}  // namespace

ExitCode complain(const Error& error) {
  std::cerr << "claimcheck: " << printable(error.message) << '\n';
  return error.code == Errc::not_found ? ExitCode::not_found : ExitCode::away;
}

ExitCode run_on_store(const Config& config, StoreDeed deed) {
  return run_connected(config, deed, run);
}

ExitCode run_on_store_as_server(const Config& config, TimedDeed deed) {
  return run_connected(config, deed, run_timed);
}

ExitCode show_refunds(const Config& config) { return run_on_store(config, show); }

ExitCode release_refunds(const Config& config) { return run_on_store(config, release); }

}  // namespace claimcheck
