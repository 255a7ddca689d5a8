#include "app/service.hpp"

#include "api/api.hpp"
#include "app/connect.hpp"
#include "app/spare_memory.hpp"
#include "base/log.hpp"
#include "base/tasks.hpp"
#include "flow/clocks.hpp"
#include "flow/fulfilment.hpp"
#include "flow/reconcile.hpp"
#include "flow/stripe_pace.hpp"
#include "net/http/client.hpp"
#include "net/http/server.hpp"
#include "net/open_files.hpp"
#include "notify/dispatcher.hpp"
#include "notify/shop_webhook.hpp"
#include "report/statistics.hpp"
#include "store/keys.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace claimcheck {

namespace {

constexpr Duration drain_max = std::chrono::seconds(20);
constexpr Duration cancel_max = std::chrono::seconds(2);
constexpr Duration account_period = std::chrono::minutes(1);
constexpr int account_tries_max = 5;  // a restricted key may never be allowed to
constexpr int examine_every_s = 5;

std::string host_of(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

// The options of a separate connection, on which Redis announces every session value that any
// program writes.
RedisOptions following(RedisOptions options, OrderEvents& events) {
  const std::string prefix = keys::session("");
  options.pushes.ask = {RedisCommand{"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", prefix}};
  options.pushes.connected = [&events](bool now) { events.told(now); };
  options.pushes.receive = [&events, prefix](const std::vector<std::string>& texts) {
    if (texts.size() < 2) events.told(true);  // the whole database was flushed: all are read again
    for (const std::string_view text : texts) {
      if (text.starts_with(prefix)) events.changed(text.substr(prefix.size()));
    }
  };
  return options;
}

// Why the server could not start, and the exit code for that.
struct StartFailure {
  ExitCode code;
  std::string why;
};
using Started = std::expected<void, StartFailure>;

// Owns everything that the stories borrow. Members are built in this sequence, and live as long as
// the server.
class Service {
 public:
  explicit Service(Config config) : config_(std::move(config)) {}
  ExitCode run();

 private:
  boost::asio::awaitable<void> main();
  boost::asio::awaitable<void> ignore_signals();
  boost::asio::awaitable<Started> start();
  boost::asio::awaitable<void> check_account();
  Started listen();
  void serve();
  boost::asio::awaitable<void> examine_redis();
  boost::asio::awaitable<void> watch_redis();
  boost::asio::awaitable<void> tell_repeated();
  boost::asio::awaitable<void> give_back_memory();
  boost::asio::awaitable<void> stop();
  void start_dispatchers();
  void complete_urls(std::uint16_t port);

  Config config_;
  boost::asio::io_context io_{1};
  // Before the first slow step: each of these signals would end the process by default.
  boost::asio::signal_set ignored_{io_, SIGHUP, SIGUSR1, SIGUSR2};
  RealClock machine_;               // for sockets and the embedded Redis
  FollowingClock clock_{machine_};  // Redis' time: what all processes on it agree on
  Metrics metrics_;
  Tasks root_{io_.get_executor()};     // main() and the watchers; not drained
  Tasks tasks_{io_.get_executor()};    // the worker and its orders
  Tasks sending_{io_.get_executor()};  // the dispatchers and what they dispatch
  std::optional<StoreConnection> store_;
  Result<void> usable_;       // may this Redis get new orders? Else why not
  std::string last_summary_;  // of the findings that were logged last
  CurlClient http_;
  std::optional<StripePace> stripe_pace_;
  std::optional<stripe::Client> stripe_;
  std::optional<superduperai::Client> generator_;
  std::optional<Context> context_;
  std::optional<Checkout> checkout_;
  std::optional<Visits> visits_;
  std::optional<Statistics> statistics_;
  std::optional<OrderEvents> events_;
  std::optional<Redis> changes_;  // announces every session value that is written
  std::optional<Api> api_;
  std::optional<Fulfilment> fulfilment_;
  std::optional<Reconcile> reconcile_;
  std::optional<ShopWebhook> shop_webhook_;
  std::optional<SmtpClient> smtp_;
  std::optional<BuyerMail> buyer_mail_;
  std::vector<std::unique_ptr<Dispatcher>> dispatchers_;  // one for each configured channel
  std::unique_ptr<HttpServer> server_;
  std::size_t connections_max_ = 0;
  ExitCode exit_code_ = ExitCode::ok;
};

ExitCode Service::run() {
  Result<StoreConnection> store = StoreConnection::open(io_.get_executor(), machine_, config_);
  if (!store) {
    log_error("start_failed", {{"why", store.error().message}});
    return ExitCode::away;
  }
  store_.emplace(std::move(*store));
  root_.start(ignore_signals());
  root_.start(main());
  io_.run();
  return exit_code_;
}

boost::asio::awaitable<Started> Service::start() {
  const auto away = [](const Error& error) {
    return std::unexpected(StartFailure{ExitCode::away, error.message});
  };
  // Redis first: its clock, its layout and its fitness decide everything that follows.
  const Result<void> prepared = co_await store_->prepare(clock_, config_);
  if (!prepared) co_return away(prepared.error());
  co_await examine_redis();
  if (!usable_) co_return away(usable_.error());
  co_await store_->writes_taken(machine_);
  stripe_pace_.emplace(*store_->store().pace, clock_, config_.stripe_pace);
  config_.stripe.pacing = stripe_pace_->pacing();
  stripe_.emplace(http_, clock_, metrics_, config_.stripe);
  generator_.emplace(http_, metrics_, config_.generator);
  context_.emplace(Context{store_->store(), *stripe_, *generator_, clock_, metrics_,
                           config_.catalog, config_.model, config_.policy});
  // Before any pass runs: a pass puts messages out only for the channels that are listed here.
  if (!config_.shop_webhook.url.empty()) context_->channels.push_back(Channel::webhook);
  if (!config_.smtp.url.empty()) context_->channels.push_back(Channel::mail);
  // The port comes before everything that holds an address: with port 0 it is known only now.
  if (Started listening = listen(); !listening) co_return listening;
  serve();
  co_return Started();
}

// A Redis belongs to one account: with another account's key all its orders would be unknown at
// Stripe. The server still serves with a key that may not read its account, or while Stripe is
// away.
boost::asio::awaitable<void> Service::check_account() {
  for (int tries = 0; tries < account_tries_max; ++tries) {
    if (tries > 0) co_await clock_.sleep(account_period);
    const Result<std::string> account = co_await stripe_->account();
    if (!account) continue;
    if (stripe_->clocks_agree()) clock_.confirm();  // the answer held Stripe's time, too
    const Result<std::string> owner = co_await store_->store().marks->bind_account(*account);
    if (owner && *owner != *account) {
      log_error("account_wrong",
                {{"why", fmt::format("this Redis belongs to Stripe's account {}, and "
                                     "STRIPE_SECRET_KEY is of {}: use that account's key, or "
                                     "another Redis",
                                     *owner, *account)}});
      exit_code_ = ExitCode::away;
      std::raise(SIGTERM);
    }
    if (owner) co_return;
  }
  log_warn("account_unknown", {{"why", "the key may not tell its account, or Stripe is away"}});
}

Started Service::listen() {
  // Several processes on one Redis may share a port; each with a Redis of its own may not.
  const bool shared_port = !config_.redis_url.empty();
  auto server = HttpServer::listen(io_.get_executor(), machine_, config_.listen, shared_port);
  if (!server) return std::unexpected(StartFailure{ExitCode::failed, server.error().message});
  server_ = std::move(*server);
  complete_urls(server_->port());
  return {};
}

// Builds everything that answers requests. It needs the port, and must exist before the first
// request is read.
void Service::serve() {
  checkout_.emplace(*context_, CheckoutOptions{.urls = {.success = config_.success_url,
                                                        .cancel = config_.cancel_url}});
  ApiOptions options;
  options.webhook_secrets = config_.webhook_secrets;
  options.admin_token = config_.admin_token;
  options.cors_origins = config_.cors_origins;
  options.trusted_proxies = config_.trusted_proxies;
  options.store_is_safe = [this] { return usable_.has_value(); };
  // Without a cancel address of the shop's own, Stripe's back link leads to our home page.
  if (config_.cancel_url != config_.public_url + "/") options.shop_url = config_.cancel_url;
  options.public_url = config_.public_url;
  options.live_mode = config_.stripe.key.reveal().find("_live_") != std::string::npos;
  visits_.emplace(*context_);
  statistics_.emplace(*context_);
  events_.emplace(io_.get_executor(), *store_->store().sessions, *visits_, OrderEventsLimits(),
                  [this] { return statistics_->expected_delivery_s(); });
  api_.emplace(*context_, *checkout_, *visits_, *events_, *statistics_, std::move(options));
  changes_.emplace(io_.get_executor(), machine_, following(store_->redis().options(), *events_));
  changes_->start();
  HttpServerLimits limits;
  // Each connection is an open file. At the system's limit Redis and Stripe could not be reached
  // either.
  connections_max_ = connections_allowed(raise_open_files(), limits.connections);
  limits.connections = connections_max_;
  limits.body_bytes = [this](const HttpRequest& head) { return api_->body_limit(head); };
  server_->serve(std::move(limits),
                 [this](HttpRequest request) { return api_->handle(std::move(request)); });
}

void Service::complete_urls(std::uint16_t port) {
  if (config_.public_url.empty()) {
    config_.public_url = fmt::format("http://{}:{}", host_of(config_.listen), port);
  }
  if (config_.success_url.empty()) {
    config_.success_url = config_.public_url + "/payment-success/{CHECKOUT_SESSION_ID}";
  }
  if (config_.cancel_url.empty()) config_.cancel_url = config_.public_url + "/";
}

boost::asio::awaitable<void> Service::main() {
  boost::asio::signal_set signals(io_, SIGTERM, SIGINT);
  signals.async_wait([this](boost::system::error_code cancelled, int) {
    if (!cancelled) io_.stop();  // nothing is served yet, so there is nothing to wait for
  });
  const Started started = co_await start();
  signals.cancel();
  if (!started) {
    log_error("start_failed", {{"why", started.error().why}});
    exit_code_ = started.error().code;
  } else {
    fulfilment_.emplace(*context_, tasks_);
    tasks_.start(fulfilment_->run());
    start_dispatchers();
    reconcile_.emplace(*context_);
    root_.start(reconcile_->run());
    root_.start(watch_redis());
    root_.start(check_account());
    root_.start(compare_clocks(*context_, [this] { clock_.confirm(); }));
    root_.start(statistics_->run());
    root_.start(tell_repeated());
    root_.start(give_back_memory());
    log_info("listening",
             {{"url", fmt::format("http://{}:{}", host_of(config_.listen), server_->port())},
              {"public_url", config_.public_url},
              {"connections_max", connections_max_}});
    co_await signals.async_wait(boost::asio::use_awaitable);
  }
  co_await stop();
}

// These signals are ignored: settings change only with a new start, and the log goes to standard
// error, whose file belongs to its reader. A line says so, for the person who sent the signal.
boost::asio::awaitable<void> Service::ignore_signals() {
  while (true) {
    const int signal = co_await ignored_.async_wait(boost::asio::use_awaitable);
    const std::string name = fmt::format("SIG{}", sigabbrev_np(signal));
    log_info("signal_ignored", {{"signal", name}, {"why", "only a new start reads settings"}});
  }
}

void Service::start_dispatchers() {
  if (!config_.shop_webhook.url.empty()) {
    shop_webhook_.emplace(*context_, http_, config_.shop_webhook);
    const auto deliver = [this](OutboxMessage m) { return shop_webhook_->deliver(std::move(m)); };
    dispatchers_.push_back(
        std::make_unique<Dispatcher>(*context_, sending_, Channel::webhook, deliver));
  }
  if (!config_.smtp.url.empty()) {
    smtp_.emplace(config_.smtp);
    config_.buyer_mail.public_url = config_.public_url;
    const auto send = [this](Mail mail) { return smtp_->send(std::move(mail)); };
    buyer_mail_.emplace(*context_, send, config_.buyer_mail);
    const auto deliver = [this](OutboxMessage message) {
      return buyer_mail_->deliver(std::move(message));
    };
    // Two threads send mails: more messages at once would only wait while their leases run.
    dispatchers_.push_back(std::make_unique<Dispatcher>(*context_, sending_, Channel::mail, deliver,
                                                        DispatcherLimits{.at_once = 2}));
  }
  for (const auto& dispatcher : dispatchers_) sending_.start(dispatcher->run());
}

// A Redis that may lose orders gets no new ones; its own orders go on. Logged once for each change.
boost::asio::awaitable<void> Service::examine_redis() {
  const Result<RedisVerdict> verdict = co_await store_->examine(machine_, config_);
  if (!verdict) co_return;  // away: each call that needs it fails by itself
  if (verdict->ahead) {
    // Deadlines are stored in Redis, so Redis' clock decides when they pass.
    const Duration jumped = clock_.follow(machine_.now() + *verdict->ahead);
    if (jumped != Duration(0)) {
      log_error("clock_jumped", {{"clock", "redis"}, {"by_s", jumped.count() / 1'000'000}});
    }
  }
  std::string summary;
  for (const Finding& finding : verdict->findings) {
    if (finding.grade != Grade::good) summary += finding.text + "; ";
  }
  usable_ = verdict->usable();
  if (summary == last_summary_) co_return;
  last_summary_ = summary;
  for (const Finding& finding : verdict->findings) {
    if (finding.grade == Grade::good) continue;
    const bool refused = finding.grade == Grade::refused;
    log(refused ? LogLevel::error : LogLevel::warn, refused ? "redis_unusable" : "redis_doubtful",
        {{"check", finding.what}, {"why", finding.text}});
  }
  log_info("durability", {{"writes", to_string(verdict->durability)}});
}

// An embedded Redis that ended by itself (full disk, killed) is not started again here: the process
// ends with an error, and its supervisor starts both again from the files on disk.
boost::asio::awaitable<void> Service::watch_redis() {
  for (int second = 1; store_->serving(); ++second) {
    co_await clock_.sleep(std::chrono::seconds(1));
    const Result<Time> born = co_await store_->store().marks->born();
    if (!born && born.error().code == Errc::not_found) {
      // Older orders are unknown here now, and only a person can find out what became of them.
      log_error("redis_emptied", {{"why", "its description is gone; older orders are held"}});
      usable_ = co_await store_->prepare(clock_, config_);
      if (!usable_) log_error("redis_unusable", {{"why", usable_.error().message}});
    } else if (born && second % examine_every_s == 0) {
      co_await examine_redis();
    }
  }
  log_error("embedded_redis_ended", {{"see", config_.data_dir + "/redis.log"}});
  exit_code_ = ExitCode::away;
  std::raise(SIGTERM);
}

boost::asio::awaitable<void> Service::tell_repeated() {
  while (true) {
    co_await clock_.sleep(std::chrono::seconds(1));
    context_->repeated.tell(clock_.steady());
  }
}

boost::asio::awaitable<void> Service::give_back_memory() {
  SpareMemory spare;
  while (true) {
    co_await clock_.sleep(memory_given_back_every);
    spare.give_back();
  }
}

boost::asio::awaitable<void> Service::stop() {
  log_info("stopping");
  // No new work first: connections, streams, due orders, messages. Then the work that has begun may
  // end.
  if (server_) server_->stop_accepting();
  if (events_) events_->stop();
  if (fulfilment_) fulfilment_->stop();
  for (const auto& dispatcher : dispatchers_) dispatcher->stop();
  // Passes get the most time: a pass that is cut off leaves its order to the next process only
  // after the lease.
  const bool drained = co_await tasks_.drained(clock_, drain_max);
  if (!drained) {
    log_warn("drain_cut_short", {{"tasks", tasks_.running()}});
    tasks_.cancel();
    co_await tasks_.drained(clock_, cancel_max);
  }
  // A message that is cut off here is sent again by another process, under the same id.
  // A short time only: a message that was not sent is still in the outbox.
  const bool dispatched = co_await sending_.drained(clock_, cancel_max);
  if (!dispatched) sending_.cancel();
  co_await sending_.drained(clock_, cancel_max);
  const Duration deadline = clock_.steady() + cancel_max;
  while (server_ && server_->connections() > 0 && clock_.steady() < deadline) {
    co_await clock_.sleep(std::chrono::milliseconds(20));
  }
  if (server_) server_->close();
  // The last counts go to Redis while the connection is still there; the connections are closed
  // last.
  if (statistics_) co_await statistics_->flush();
  // Lines that were only counted so far are written before the end.
  if (context_) context_->repeated.tell_all();
  if (changes_) changes_->stop();
  store_->stop();
  io_.stop();
  log_info("stopped");
}

}  // namespace

ExitCode serve(Config config) { return Service(std::move(config)).run(); }

}  // namespace claimcheck
