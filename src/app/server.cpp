#include "app/server.hpp"

#include "app/following.hpp"
#include "app/spare_memory.hpp"
#include "base/log.hpp"
#include "flow/clocks.hpp"
#include "net/open_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration drain_max = std::chrono::seconds(20);
constexpr Duration cancel_max = std::chrono::seconds(2);
constexpr Duration account_period = std::chrono::minutes(1);
constexpr int account_tries_max = 5;  // a restricted key may never be allowed to

stripe::Options stripe_options(const Config& config, StripePace& pace) {
  stripe::Options options = config.stripe;
  options.pacing = pace.pacing();
  return options;
}

ApiOptions api_options(const Config& config, const RedisWatch& redis, Turnstile& turnstile,
                       Screening& screening) {
  ApiOptions options;
  options.webhook_secrets = config.webhook_secrets;
  options.operators = all_operators(config);
  options.shop_keys = config.shop_keys;
  options.turnstile = &turnstile;
  options.screening = &screening;
  options.cors_origins = config.cors_origins;
  options.trusted_proxies = config.trusted_proxies;
  options.store_is_safe = [&redis] { return redis.usable().has_value(); };
  // Without a cancel address of the shop's own, Stripe's back link leads to a page of ours. It was
  // the home page once, and some name it.
  const bool own_page = config.cancel_url == config.public_url + "/left" ||
                        config.cancel_url == config.public_url + "/";
  if (!own_page) options.shop.url = config.cancel_url;
  options.shop.face = config.shop;
  options.shop.has_mail = !config.smtp.url.empty();
  options.public_url = config.public_url;
  options.live_mode = config.stripe.key.reveal().find("_live_") != std::string::npos;
  return options;
}

std::vector<GeneratorOptions> with_callbacks(const Config& config) {
  std::vector<GeneratorOptions> all = all_generators(config);
  for (GeneratorOptions& each : all) {
    each.callback_url = config.public_url + "/api/webhooks/generators/" + each.name;
  }
  return all;
}

// Its links are signed by Redis' time, which all processes share.
std::optional<Storage> storage_of(const Config& config, HttpClient& http, const Clock& clock) {
  if (config.storage.url.empty()) return std::nullopt;
  return std::optional<Storage>(std::in_place, http, clock, config.storage);
}

AlertWatchOptions alert_options(const Config& config) {
  return {.alerts = {.times = config.alert_times, .channels = alert_channels_of(config)},
          .balance_low = config.balance_low};
}

boost::asio::awaitable<void> give_back_memory(Clock& clock) {
  SpareMemory spare;
  while (true) {
    co_await clock.sleep(memory_given_back_every);
    spare.give_back();
  }
}

// Of a port that is not the first: for metrics, or whatever else the operator has there.
constexpr std::size_t further_port_connections = 100;

}  // namespace

Server::Server(const ServerNeeds& needs, Ports ports)
    : clock_(needs.clock),
      store_(needs.store.store()),
      redis_(needs.store.redis()),
      watching_(needs.watching),
      orders_(needs.executor),
      sending_(needs.executor),
      http_(needs.executor),
      stripe_pace_(*store_.pace, clock_, needs.config.stripe_pace),
      stripe_(http_, clock_, metrics_, stripe_options(needs.config, stripe_pace_)),
      generators_(http_, metrics_, clock_, with_callbacks(needs.config)),
      storage_(storage_of(needs.config, http_, clock_)),
      context_{.store = store_,
               .stripe = stripe_,
               .generators = generators_,
               .clock = clock_,
               .metrics = metrics_,
               .catalog = needs.config.catalog,
               .policy = needs.config.policy,
               .channels = channels_of(needs.config),
               .storage = storage_ ? &*storage_ : nullptr,
               .public_url = needs.config.public_url},
      screening_(context_, http_, needs.config.screening),
      checkout_(context_,
                {.urls = {.success = needs.config.success_url, .cancel = needs.config.cancel_url},
                 .session = needs.config.checkout,
                 .screening = &screening_}),
      visits_(context_),
      statistics_(context_),
      shown_(needs.executor, *store_.sessions, [this] { return told_.wait(); }),
      events_(
          needs.executor, shown_, visits_, OrderEventsLimits(),
          [this] { return statistics_.expected_delivery_s(); },
          [this](std::string id) { return queue_place(context_, std::move(id)); }),
      changes_(needs.executor, needs.machine,
               following(needs.store.redis().options(), shown_, events_, context_)),
      told_(changes_),
      prices_(context_),
      orders_by_mail_(context_, needs.executor, needs.config.webhook_secrets),
      turnstile_(http_, needs.config.turnstile),
      api_(context_, checkout_, visits_, shown_, events_, statistics_, prices_, orders_by_mail_,
           api_options(needs.config, needs.redis, turnstile_, screening_)),
      fulfilment_(context_, orders_),
      reconcile_(context_),
      old_results_(context_),
      dispatchers_(context_, http_, sending_, needs.config),
      alerts_(
          context_, statistics_,
          [this](AlertRecord record) { return dispatchers_.mail_operators(std::move(record)); },
          alert_options(needs.config)),
      ports_(std::move(ports)),
      connections_max_(connections_allowed(raise_open_files(), HttpServerLimits().connections)) {}

// Answers first: buyers look while the worker begins.
void Server::start() {
  // An announcement counts only from the server that is read from, and another one may be the
  // primary now. So this connection is made anew whenever the store's one is.
  redis_.tell_changes_to([this](bool) { changes_.reopen("the store's connection has changed"); });
  changes_.start();
  HttpServerLimits limits;
  // Each connection is an open file. At the system's limit Redis and Stripe could not be reached
  // either.
  limits.connections = connections_max_ - std::min(connections_max_ / 2,
                                                   (ports_.size() - 1) * further_port_connections);
  limits.body_bytes = [this](const HttpRequest& head) { return api_.body_limit(head); };
  for (const auto& port : ports_) {
    port->serve(limits, [this](HttpRequest request) { return api_.handle(std::move(request)); });
    limits.connections = further_port_connections;
  }
  orders_.start(fulfilment_.run());
  dispatchers_.start();
  watching_.start(reconcile_.run());
  watching_.start(old_results_.run());
  watching_.start(compare_clocks(context_, [this] { clock_.confirm(); }));
  watching_.start(statistics_.run());
  watching_.start(alerts_.run());
  watching_.start(prices_.run());
  watching_.start(orders_by_mail_.run());
  watching_.start(flush_repeated_lines());
  watching_.start(give_back_memory(clock_));
}

// A Redis belongs to one account: with another account's key all its orders would be unknown at
// Stripe. The server still serves with a key that may not read its account, or while Stripe is
// away.
boost::asio::awaitable<bool> Server::account_is_ours() {
  for (int tries = 0; tries < account_tries_max; ++tries) {
    if (tries > 0) co_await clock_.sleep(account_period);
    const Result<std::string> account = co_await stripe_.account();
    if (!account) continue;
    if (stripe_.clocks_agree()) clock_.confirm();  // the answer held Stripe's time, too
    const Result<std::string> owner = co_await store_.marks->bind_account(*account);
    if (owner && *owner != *account) {
      const bool connected = !stripe_.connected_account().empty();
      log_error("account_wrong",
                {{"why", fmt::format("this Redis belongs to Stripe's account {}, and {} is of {}: "
                                     "use that account, or another Redis",
                                     *owner, connected ? "STRIPE_ACCOUNT" : "STRIPE_SECRET_KEY",
                                     *account)}});
      co_return false;
    }
    if (owner) co_return true;
  }
  log_warn("account_unknown", {{"why", "the key may not tell its account, or Stripe is away"}});
  co_return true;
}

boost::asio::awaitable<void> Server::flush_repeated_lines() {
  while (true) {
    co_await clock_.sleep(std::chrono::seconds(1));
    context_.repeated.tell(clock_.steady());
  }
}

std::size_t Server::connections() const {
  std::size_t open = 0;
  for (const auto& port : ports_) open += port->connections();
  return open;
}

boost::asio::awaitable<void> Server::stop() {
  // No new work first: connections, streams, due orders, messages. Then the work that has begun may
  // end.
  for (const auto& port : ports_) port->stop_accepting();
  events_.stop();
  fulfilment_.stop();
  dispatchers_.stop();
  // Passes get the most time: a pass that is cut off leaves its order to the next process only
  // after the lease.
  if (!co_await orders_.drained(clock_, drain_max)) {
    log_warn("drain_cut_short", {{"tasks", orders_.running()}});
    orders_.cancel();
    co_await orders_.drained(clock_, cancel_max);
  }
  // A short time only: a message that was not sent is still in the outbox. One that is cut off here
  // is sent again by another process, under the same id.
  if (!co_await sending_.drained(clock_, cancel_max)) sending_.cancel();
  co_await sending_.drained(clock_, cancel_max);
  // Answers that are being written get a moment to end.
  const Duration deadline = clock_.steady() + cancel_max;
  while (connections() > 0 && clock_.steady() < deadline) {
    co_await clock_.sleep(std::chrono::milliseconds(20));
  }
  for (const auto& port : ports_) port->close();
  // The last counts go to Redis while the connection is still there. Lines that were only counted
  // so far are written before the end.
  co_await statistics_.flush();
  context_.repeated.tell_all();
  redis_.tell_changes_to({});
  changes_.stop();
}

}  // namespace claimcheck
