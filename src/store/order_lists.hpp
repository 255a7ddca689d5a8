// OrderLists: the lists that an operator pages through: all orders, the held ones, and the disputed
// ones whose bank awaits an answer. All of them are hints; the claim decides. One of the roles of
// the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace claimcheck {

// recent: all orders by their creation, newest first. held: held orders by the time they became
// held, longest first. disputed: orders whose bank awaits an answer, by the day it is due, soonest
// first.
enum class OrderList { recent, held, disputed };
BOOST_DESCRIBE_ENUM(OrderList, recent, held, disputed)

struct ListedOrder {
  std::string session_id;
  Time when;
  bool operator==(const ListedOrder&) const = default;
};
// By time; orders of the same time by the bytes of their ids.
inline bool comes_before(OrderList which, const ListedOrder& a, const ListedOrder& b) {
  const auto place = [](const ListedOrder& order) {
    return std::tie(order.when, order.session_id);
  };
  return which == OrderList::recent ? place(b) < place(a) : place(a) < place(b);
}

// Whether enlist() changes the time of an order that is listed already. `anew` gives it a later
// time, so that an unlist() that was decided on the earlier one leaves the order on the list.
enum class IfListed { keep, anew };

// How many members the indexes have; `unpaid` are the orders that wait for their payment, `recent`
// all that are listed.
struct OrderCounts {
  std::int64_t due = 0;
  std::int64_t unpaid = 0;
  std::int64_t held = 0;
  std::int64_t disputed = 0;
  std::int64_t recent = 0;
};

class OrderLists {
 public:
  virtual ~OrderLists() = default;

  // Puts an order on the list of all. Errors: the store's.
  virtual Async<void> remember(std::string session_id, Time created) = 0;
  // The newest orders of that list, newest first. Errors: the store's.
  virtual Async<std::vector<std::string>> recent(std::size_t limit) = 0;

  // Puts an order on that list, by `when`. Errors: the store's.
  virtual Async<void> enlist(OrderList which, std::string session_id, Time when,
                             IfListed listed) = 0;
  // Takes an order off the list, unless it was listed anew meanwhile. Errors: the store's.
  virtual Async<void> unlist(OrderList which, ListedOrder listed) = 0;
  // The time that the order is listed by. Errors: the store's; not_found = it is not listed.
  virtual Async<Time> listed_since(OrderList which, std::string session_id) = 0;
  // Up to `limit` orders after `after` (nothing = from the beginning). Errors: the store's.
  virtual Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                               std::size_t limit) = 0;
  // One round trip. Errors: the store's.
  virtual Async<OrderCounts> order_counts() = 0;
};

}  // namespace claimcheck
