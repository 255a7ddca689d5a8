// Lists of orders, and the search through them, for the operator. Each call reads a bounded number
// of claims and returns a cursor for the next call, so a million orders do not slow it down. Each
// order that an index names is compared with its claim before it is shown. Round trips to Redis of
// one call: three for each hundred claims that are read (two of them for the place in the list),
// and one for what the shown orders are recognised by. Borrows what it is given; keeps nothing.
#pragma once

#include "domain/shop_face.hpp"
#include "flow/context.hpp"
#include "flow/held_decision.hpp"
#include "report/order_gist.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::size_t claims_per_request = 500;  // read at most
inline constexpr std::size_t orders_per_page = 50;      // shown, unless fewer are asked for

// held: a person must decide. disputed: the bank awaits an answer. waiting: for the payment.
// working: paid, not over. delivered, refunded: with such a video. unpaid: closed without money.
enum class OrderFilter { held, disputed, waiting, working, delivered, refunded, unpaid, all };
BOOST_DESCRIBE_ENUM(OrderFilter, held, disputed, waiting, working, delivered, refunded, unpaid, all)

struct ShownOrder {
  std::string session_id;
  Result<Claim> claim;  // or why it cannot be read
  std::optional<Time> held_since;
  Gist gist = {};
  std::optional<HeldPart> held = {};  // what a decision about many would be about
};

// Orders that were begun from `from` on, and before `until`; nothing = without that end.
struct Created {
  std::optional<Time> from = {};
  std::optional<Time> until = {};
  bool all() const { return !from && !until; }
};

struct OrderPage {
  std::vector<ShownOrder> orders;
  std::size_t searched = 0;  // claims that were read
  std::string next;          // the cursor of the next page; empty = this was all
  std::string note;          // what could not be read, a sentence
};

class OrderSearch {
 public:
  // `face`: the shop's titles of what it sells.
  OrderSearch(Context& context, const ShopFace& face) : context_(context), face_(face) {}

  // Errors: invalid (a cursor that list() did not return for this list, or `created` for a list
  // that is sorted by another time: has_dates()), or Redis'.
  boost::asio::awaitable<Result<OrderPage>> list(OrderFilter filter, std::string before,
                                                 std::size_t limit, Created created = {});
  // `words` is a session id, a payment intent, a file id or an e-mail address. Any other text is
  // searched for in the reasons of an order and its videos, and in its id, tool and price, among
  // the held orders first. Errors: as list().
  boost::asio::awaitable<Result<OrderPage>> find(std::string words, std::string before);

 private:
  boost::asio::awaitable<Result<OrderPage>> known(std::vector<std::string> ids);
  boost::asio::awaitable<Result<OrderPage>> of_payment(std::string payment_intent);
  boost::asio::awaitable<Result<OrderPage>> of_file(std::string file);
  boost::asio::awaitable<Result<OrderPage>> text(std::string word, std::string before);
  struct Bounds {
    std::size_t orders;             // to show
    std::size_t claims;             // to read
    std::optional<Time> from = {};  // where the list of all orders ends
  };
  boost::asio::awaitable<Result<OrderPage>> found(std::string words, std::string before);
  // Adds what the orders are recognised by: one round trip. Errors: Redis'.
  boost::asio::awaitable<Result<OrderPage>> described(OrderPage page);
  template <typename Wanted>
  boost::asio::awaitable<Result<OrderPage>> walk(OrderList which, std::optional<ListedOrder> after,
                                                 Bounds bounds, Wanted wanted);

  Context& context_;
  const ShopFace& face_;
};

// Whether a list with this filter can be asked for by creation: the two short lists are sorted by
// another time.
bool has_dates(OrderFilter filter);

}  // namespace claimcheck
