#include "cli/store.hpp"

#include "base/tasks.hpp"
#include "base/text.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <iostream>

namespace claimcheck {

namespace {

boost::asio::awaitable<ExitCode> run(StoreConnection& connection, const Config& config,
                                     const StoreDeed& deed, Clock& machine) {
  const Result<void> ready = co_await connection.prepare(machine, config);
  if (!ready) co_return complain(ready.error());
  co_return co_await deed(connection.store(), connection.place());
}

// By Redis' time, as the server: a deed that compares times must not use this machine's clock.
boost::asio::awaitable<ExitCode> run_timed(StoreConnection& connection, const Config& config,
                                           const TimedDeed& deed, Clock& machine) {
  FollowingClock clock(machine);
  const Result<void> ready = co_await connection.prepare(clock, config);
  if (!ready) co_return complain(ready.error());
  // For two effects: writes wait for what the server's wait for, and the answer holds Redis' time.
  const Result<RedisVerdict> verdict = co_await connection.examine(machine, config);
  if (!verdict) co_return complain(verdict.error());
  // Without an answer in time this machine's clock is used, as it is.
  if (verdict->ahead) clock.follow(machine.now() + *verdict->ahead);
  co_return co_await deed(connection.store(), clock);
}

// A task returns nothing, so it writes its code to the caller, who runs the loop.
boost::asio::awaitable<void> to_its_end(StoreConnection& connection, const ConnectionDeed& deed,
                                        Clock& machine, ExitCode& code) {
  code = co_await deed(connection, machine);
  // Without this the connection would reconnect for ever, and the loop would never end.
  connection.stop();
}

boost::asio::awaitable<ExitCode> show(Store& store, std::string) {
  const Result<RefundBreaker> breaker = co_await store.refunds->refund_breaker();
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
  const Result<bool> released = co_await store.refunds->release_refunds();
  if (!released) co_return complain(released.error());
  // Both are a success. The sentence shows whether anything was stopped.
  std::cout << (*released ? "released: waiting refunds go on within five minutes\n"
                          : "automatic refunds were not stopped; counting begins anew\n");
  co_return ExitCode::ok;
}

}  // namespace

// Errors here are Redis' own. Except for an absent order they all mean that Redis cannot be used.
ExitCode complain(const Error& error) {
  std::cerr << "claimcheck: " << printable(error.message) << '\n';
  return error.code == Errc::not_found ? ExitCode::not_found : ExitCode::away;
}

ExitCode run_connected(const Config& config, ConnectionDeed deed) {
  RealClock machine;
  // A loop of its own for the one deed: the command ends when the loop has nothing left.
  boost::asio::io_context io{1};
  Result<StoreConnection> connection =
      StoreConnection::open_for_reading(io.get_executor(), machine, config);
  if (!connection) return complain(connection.error());
  // The code if the deed never comes to its end.
  ExitCode code = ExitCode::failed;
  Tasks tasks(io.get_executor());
  tasks.start(to_its_end(*connection, deed, machine, code));
  io.run();
  return code;
}

ExitCode run_on_store(const Config& config, StoreDeed deed) {
  return run_connected(config, [&config, &deed](StoreConnection& connection, Clock& machine) {
    return run(connection, config, deed, machine);
  });
}

ExitCode run_on_store_as_server(const Config& config, TimedDeed deed) {
  return run_connected(config, [&config, &deed](StoreConnection& connection, Clock& machine) {
    return run_timed(connection, config, deed, machine);
  });
}

ExitCode show_refunds(const Config& config) { return run_on_store(config, show); }

ExitCode release_refunds(const Config& config) { return run_on_store(config, release); }

}  // namespace claimcheck
