// Server: the parts of a process that serves, as members in the order in which they are built. It
// is made when Redis is fit and the port is taken, so every part is complete from its first moment;
// start() begins to take orders and connections. Owned by the service, which owns what is borrowed
// here and outlives it.
#pragma once

#include "api/api.hpp"
#include "app/alert_watch.hpp"
#include "app/dispatchers.hpp"
#include "app/ports.hpp"
#include "app/redis_watch.hpp"
#include "base/tasks.hpp"
#include "flow/fulfilment.hpp"
#include "flow/old_results.hpp"
#include "flow/orders_by_mail.hpp"
#include "flow/reconcile.hpp"
#include "flow/stripe_pace.hpp"
#include "net/http/client.hpp"
#include "net/redis/catch_up.hpp"
#include "report/price_list.hpp"
#include "report/statistics.hpp"
#include "storage/storage.hpp"

#include <optional>

namespace claimcheck {

struct ServerNeeds {
  boost::asio::any_io_executor executor;
  Clock& machine;         // this machine's: sockets wait by it
  FollowingClock& clock;  // Redis' time
  StoreConnection& store;
  const RedisWatch& redis;
  const Config& config;  // its addresses are complete
  Tasks& watching;       // for the watchers, which are not drained
};

class Server {
 public:
  Server(const ServerNeeds& needs, Ports ports);

  void start();
  // Takes nothing new, lets orders and messages that are under way end, then cuts them short.
  boost::asio::awaitable<void> stop();
  // False: this Redis belongs to another account of Stripe.
  boost::asio::awaitable<bool> account_is_ours();
  std::size_t connections_max() const { return connections_max_; }
  std::uint16_t port() const { return ports_.front()->port(); }

 private:
  boost::asio::awaitable<void> flush_repeated_lines();
  std::size_t connections() const;

  FollowingClock& clock_;
  Store& store_;
  Redis& redis_;  // the store's connection
  Tasks& watching_;
  Tasks orders_;   // the worker and its orders
  Tasks sending_;  // the dispatchers and what they dispatch
  Metrics metrics_;
  CurlClient http_;
  StripePace stripe_pace_;
  stripe::Client stripe_;
  Generators generators_;
  std::optional<Storage> storage_;
  Context context_;
  Screening screening_;
  Checkout checkout_;
  Visits visits_;
  Statistics statistics_;
  StatusCache shown_;
  OrderEvents events_;
  Redis changes_;      // tells of session values that are written, and of orders that others woke
  RedisCatchUp told_;  // of all of them
  PriceList prices_;
  OrdersByMail orders_by_mail_;
  Turnstile turnstile_;
  Api api_;
  Fulfilment fulfilment_;
  Reconcile reconcile_;
  OldResults old_results_;
  Dispatchers dispatchers_;
  AlertWatch alerts_;
  Ports ports_;  // after what answers their requests
  std::size_t connections_max_;
};

}  // namespace claimcheck
