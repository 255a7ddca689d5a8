// Audit: the books of all paid orders of the last days, once as Redis has them and once as Stripe
// alone has them, and where the two differ. Only reads. What differs is read a second time after a
// pause, so an order that is being worked on is no difference. Lives for one run.
#pragma once

#include "base/clock.hpp"
#include "domain/books.hpp"
#include "domain/catalog.hpp"
#include "store/store.hpp"
#include "stripe/client.hpp"

#include <map>
#include <string>
#include <vector>

namespace claimcheck {

struct AuditDifference {
  std::string session_id;
  std::string what;
};

struct AuditReport {
  std::int64_t orders = 0;                 // paid at Stripe
  std::int64_t forgotten = 0;              // over at Stripe, and no longer in Redis
  std::map<std::string, OrderBook> redis;  // by currency
  std::map<std::string, OrderBook> stripe;
  std::vector<AuditDifference> differences;
};

class Audit {
 public:
  // registered: the deliveries are in Stripe's register.
  Audit(Store& store, stripe::Client& stripe, const Catalog& catalog, Clock& clock,
        bool registered);

  // Of the sessions created since then. Errors: Redis' or Stripe's; then nothing can be said.
  boost::asio::awaitable<Result<AuditReport>> run(Time since);

 private:
  boost::asio::awaitable<Result<void>> read_stripe(Time since, Time until);
  boost::asio::awaitable<Result<void>> read_redis(Time since);
  boost::asio::awaitable<Result<void>> compare(const stripe::CheckoutSession& session);
  boost::asio::awaitable<Result<void>> compare_again();
  OrderBook book_of_session(const stripe::CheckoutSession& session) const;
  bool is_ours(const stripe::CheckoutSession& session) const;

  Store& store_;
  stripe::Client& stripe_;
  const Catalog& catalog_;
  Clock& clock_;
  bool registered_;
  bool livemode_ = false;
  AuditReport report_;
  std::map<std::string, bool> known_;  // sessions seen at Stripe
};

}  // namespace claimcheck
