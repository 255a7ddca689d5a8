#include "app/service.hpp"

#include "app/redis_watch.hpp"
#include "app/server.hpp"
#include "base/log.hpp"
#include "base/log_form.hpp"
#include "net/inherited.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstring>
#include <unistd.h>

namespace claimcheck {

namespace {

std::string host_of(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

// What the shop has not set follows from where we listen.
void complete_urls(Config& config, std::uint16_t port) {
  if (config.public_url.empty()) {
    config.public_url = fmt::format("http://{}:{}", host_of(config.listen), port);
  }
  if (config.success_url.empty()) {
    config.success_url = config.public_url + "/payment-success/{CHECKOUT_SESSION_ID}";
  }
  if (config.cancel_url.empty()) config.cancel_url = config.public_url + "/left";
}

// Why the server could not start, and the exit code for that.
struct StartFailure {
  ExitCode code;
  std::string why;
};

// From the first connection to the exit code: makes the server when Redis is fit, waits for a
// signal, and ends it.
class Service {
 public:
  Service(boost::asio::io_context& io, RealClock& machine, Config config, StoreConnection store)
      : io_(io), machine_(machine), config_(std::move(config)), store_(std::move(store)) {}
  ExitCode run();

 private:
  using Made = std::expected<std::unique_ptr<Server>, StartFailure>;

  boost::asio::awaitable<void> main();
  boost::asio::awaitable<void> ignore_signals();
  boost::asio::awaitable<Made> make_server();
  void tell_serving() const;
  void watch();
  boost::asio::awaitable<void> watch_redis();
  boost::asio::awaitable<void> check_account();
  void end_with(ExitCode code);

  boost::asio::io_context& io_;
  RealClock& machine_;  // what sockets and the embedded Redis wait by
  // Before the first slow step: each of these signals would end the process by default.
  boost::asio::signal_set ignored_{io_, SIGHUP, SIGUSR1, SIGUSR2};
  const Inherited inherited_ = inherited();
  Config config_;
  FollowingClock clock_{machine_};  // Redis' time: what all processes on it agree on
  Tasks root_{io_.get_executor()};  // main() and what watches; not drained
  StoreConnection store_;
  RedisWatch redis_{store_, machine_, clock_, config_};
  std::unique_ptr<Server> server_;
  ExitCode exit_code_ = ExitCode::ok;
};

ExitCode Service::run() {
  root_.start(ignore_signals());
  root_.start(main());
  io_.run();
  return exit_code_;
}

boost::asio::awaitable<Service::Made> Service::make_server() {
  // Redis first: its clock, its layout and its fitness decide everything that follows.
  const Result<void> fit = co_await redis_.prepare();
  if (!fit) co_return std::unexpected(StartFailure{ExitCode::away, fit.error().message});
  // Several processes on one Redis may share a port; each with a Redis of its own may not.
  auto ports = open_ports(io_.get_executor(), machine_, config_, inherited_.ports,
                          !config_.redis_url.empty());
  if (!ports) {
    co_return std::unexpected(StartFailure{ExitCode::failed, ports.error().message});
  }
  // The addresses that buyers get name the port, so it is taken before anything is made of them.
  complete_urls(config_, ports->front()->port());
  co_return std::make_unique<Server>(ServerNeeds{.executor = io_.get_executor(),
                                                 .machine = machine_,
                                                 .clock = clock_,
                                                 .store = store_,
                                                 .redis = redis_,
                                                 .config = config_,
                                                 .watching = root_},
                                     std::move(*ports));
}

// To the supervisor, if there is one.
void Service::tell_serving() const {
  if (inherited_.worker < 0) return;
  // If it has ended, its end has told us so already, by SIGTERM.
  [[maybe_unused]] const ssize_t sent = write(inherited_.worker, "\n", 1);
}

boost::asio::awaitable<void> Service::main() {
  boost::asio::signal_set signals(io_, SIGTERM, SIGINT);
  signals.async_wait([this](boost::system::error_code cancelled, int) {
    if (!cancelled) io_.stop();  // nothing is served yet, so there is nothing to wait for
  });
  Made made = co_await make_server();
  signals.cancel();
  if (made) {
    server_ = std::move(*made);
    server_->start();
    watch();
    log_info("listening",
             {{"url", fmt::format("http://{}:{}", host_of(config_.listen), server_->port())},
              {"public_url", config_.public_url},
              {"connections_max", server_->connections_max()}});
    tell_serving();
    co_await signals.async_wait(boost::asio::use_awaitable);
  } else {
    log_end("start_failed", made.error().why);
    exit_code_ = made.error().code;
  }
  // A server that never served has nothing to stop, and its last line is the reason.
  if (server_) {
    log_info("stopping");
    co_await server_->stop();
  }
  store_.stop();
  io_.stop();
  if (server_) log_info("stopped");
}

void Service::watch() {
  root_.start(watch_redis());
  root_.start(check_account());
}

boost::asio::awaitable<void> Service::watch_redis() {
  co_await redis_.run();
  end_with(ExitCode::away);
}

boost::asio::awaitable<void> Service::check_account() {
  if (!co_await server_->account_is_ours()) end_with(ExitCode::away);
}

// By the same way as a person ends it: what is under way is finished first.
void Service::end_with(ExitCode code) {
  exit_code_ = code;
  std::raise(SIGTERM);
}

// Settings are read at the start only, and the log goes to standard error, which belongs to its
// reader. The line tells the sender of the signal so.
boost::asio::awaitable<void> Service::ignore_signals() {
  while (true) {
    const int signal = co_await ignored_.async_wait(boost::asio::use_awaitable);
    const std::string name = fmt::format("SIG{}", sigabbrev_np(signal));
    log_info("signal_ignored", {{"signal", name}, {"why", "only a new start reads settings"}});
  }
}

}  // namespace

ExitCode serve(Config config) {
  RealClock machine;
  boost::asio::io_context io{1};
  Result<StoreConnection> store = StoreConnection::open(io.get_executor(), machine, config);
  if (!store) {
    log_end("start_failed", store.error().message);
    return ExitCode::away;
  }
  return Service(io, machine, std::move(config), std::move(*store)).run();
}

}  // namespace claimcheck
