// OrderLists: the orders by what an operator looks through: all of them, those that are held, those
// of which the bank awaits an answer. Hints all of them; the claim decides. One of the roles of the
// store (store.hpp).
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

// The lists that can be paged through: all orders by their creation, newest first; those that are
// held by when they began to be, longest first; those of which the bank awaits an answer, by when
// it is due, soonest first.
enum class OrderList { recent, held, disputed };
BOOST_DESCRIBE_ENUM(OrderList, recent, held, disputed)

struct ListedOrder {
  std::string session_id;
  Time when;
  bool operator==(const ListedOrder&) const = default;
};
// By time, those of one time by the bytes of their ids.
inline bool comes_before(OrderList which, const ListedOrder& a, const ListedOrder& b) {
  const auto place = [](const ListedOrder& order) {
    return std::tie(order.when, order.session_id);
  };
  return which == OrderList::recent ? place(b) < place(a) : place(a) < place(b);
}

// What becomes of the time that an order is listed by already. `anew` gives it a later one, so that
// an unlist() that was decided before leaves the order alone.
enum class IfListed { keep, anew };

// How many members the indexes have; `unpaid` are those of `due` that wait for their payment.
struct OrderCounts {
  std::int64_t due = 0;
  std::int64_t unpaid = 0;
  std::int64_t held = 0;
  std::int64_t disputed = 0;
};

class OrderLists {
 public:
  virtual ~OrderLists() = default;

  // Puts an order on the list of all. Errors: the store's.
  virtual Async<void> remember(std::string session_id, Time created) = 0;
  // Of that list, newest first. Errors: the store's.
  virtual Async<std::vector<std::string>> recent(std::size_t limit) = 0;

  // Lists it there, by `when`. Errors: the store's.
  virtual Async<void> enlist(OrderList which, std::string session_id, Time when,
                             IfListed listed) = 0;
  // Removes what was listed, unless it was listed anew meanwhile. Errors: the store's.
  virtual Async<void> unlist(OrderList which, ListedOrder listed) = 0;
  // The time it is listed by. Errors: the store's; not_found = it is not.
  virtual Async<Time> listed_since(OrderList which, std::string session_id) = 0;
  // Up to `limit` orders behind `after` (nothing = from the beginning). Errors: the store's.
  virtual Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                               std::size_t limit) = 0;
  // Errors: the store's.
  virtual Async<OrderCounts> order_counts() = 0;
};

}  // namespace claimcheck
