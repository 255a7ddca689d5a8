// Audit: compares the order totals of all paid orders of the last days. One side is computed from
// Redis, the other from Stripe alone. It only reads. Each difference is read a second time after a
// pause, so an order in the middle of a pass is not reported. Lives for one run; borrows store,
// client, catalog and clock.
#pragma once

#include "base/clock.hpp"
#include "domain/catalog.hpp"
#include "domain/margin.hpp"
#include "domain/order_machine.hpp"
#include "domain/order_totals.hpp"
#include "store/store.hpp"
#include "stripe/client.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace claimcheck {

struct AuditDifference {
  std::string session_id;
  std::string what;
};

// What the orders of one tool that were paid on one day have brought and cost.
struct AuditMargin {
  std::string day;  // "2026-11-29", UTC
  std::string tool;
  Margin sums;
  std::int64_t orders = 0;
};

struct AuditReport {
  std::int64_t orders = 0;                   // paid at Stripe
  std::int64_t forgotten = 0;                // over at Stripe, and older than Redis keeps claims
  std::map<std::string, OrderTotals> redis;  // by currency
  std::map<std::string, OrderTotals> stripe;
  std::vector<AuditDifference> differences;
  std::vector<AuditMargin> margins;  // by day, tool and currency
};

class Audit {
 public:
  // The policy says whether deliveries are in Stripe's register, and how long a claim is kept.
  Audit(Store& store, stripe::Client& stripe, const Catalog& catalog, Clock& clock,
        const Policy& policy);

  // Covers the sessions created since then. Errors: Redis' or Stripe's; then there is no report at
  // all.
  boost::asio::awaitable<Result<AuditReport>> run(Time since);

 private:
  // One order as it was last read. A side that does not call it paid has no totals.
  struct Order {
    std::optional<OrderTotals> redis;
    std::optional<OrderTotals> stripe;
    std::string day;
    std::string tool;
    std::vector<Margin> margins;
    std::string redis_currency;
    std::string stripe_currency;
    bool forgotten = false;
    std::int64_t created = 0;  // unix seconds, from Stripe; 0 = Stripe was not asked yet
    std::vector<std::string> differences;
  };
  // A span of creation times that was listed from Stripe.
  struct Window {
    std::int64_t from = 0;  // unix seconds
    std::int64_t until = 0;
    std::size_t calls = 0;  // pages that its list took
  };

  boost::asio::awaitable<Result<void>> read_stripe(Time since, Time until);
  boost::asio::awaitable<Result<void>> compare(const stripe::CheckoutSession& session);
  boost::asio::awaitable<Result<bool>> owns(const stripe::CheckoutSession& session);
  boost::asio::awaitable<Result<void>> read_redis(Time since);
  Result<void> note_claim(const std::string& id, const Result<Claim>& claim, Time since);
  boost::asio::awaitable<Result<void>> look_again();
  // Reads the orders of a window again by its list, if that takes fewer calls than one call for
  // each order. Those that were read are removed from `ids`.
  boost::asio::awaitable<Result<void>> look_by_list(Window window, std::set<std::string>& ids);
  // Loads the claim and compares it with this answer of Stripe's.
  boost::asio::awaitable<Result<void>> look(std::string id, const stripe::CheckoutSession& session);
  Order judge(const Result<Claim>& claim, const stripe::CheckoutSession& session) const;
  bool may_be_gone(const stripe::CheckoutSession& session, const OrderTotals& book) const;
  AuditReport report() const;

  Store& store_;
  stripe::Client& stripe_;
  const Catalog& catalog_;
  Clock& clock_;
  bool registered_;
  Duration claim_life_;
  bool livemode_ = false;
  std::vector<Window> windows_;
  std::map<std::string, Order> orders_;  // by session id
};

}  // namespace claimcheck
