// Lists of orders and the search through them, for the operator. Each call reads a bounded number
// of claims and says where the next one goes on, so a million orders do not slow it. What an index
// names is held against the claim before it is shown. Borrows the context; keeps nothing.
#pragma once

#include "flow/context.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::size_t claims_per_request = 500;  // that are read
inline constexpr std::size_t orders_per_page = 50;  // that are shown, unless fewer are asked for

// held: a person must decide. disputed: the bank awaits an answer. waiting: for the payment.
// working: paid, not over. delivered, refunded: with such a video. unpaid: closed without money.
enum class OrderFilter { held, disputed, waiting, working, delivered, refunded, unpaid, all };
BOOST_DESCRIBE_ENUM(OrderFilter, held, disputed, waiting, working, delivered, refunded, unpaid, all)

struct ShownOrder {
  std::string session_id;
  Result<Claim> claim;  // or why it cannot be read
  std::optional<Time> held_since;
};

struct OrderPage {
  std::vector<ShownOrder> orders;
  std::size_t searched = 0;  // claims that were read
  std::string next;          // the cursor of what comes behind; empty = this was all
  std::string note;          // what could not be looked at, a sentence
};

class OrderSearch {
 public:
  explicit OrderSearch(Context& context) : context_(context) {}

  // Errors: invalid (a cursor that was not given out here), or Redis'.
  boost::asio::awaitable<Result<OrderPage>> list(OrderFilter filter, std::string before,
                                                 std::size_t limit);
  // A session id, a payment intent, a file, an e-mail address; or a text that stands in the reason
  // of an order or a video, or in its id, tool or price: looked for among the held orders first.
  boost::asio::awaitable<Result<OrderPage>> find(std::string words, std::string before);

 private:
  boost::asio::awaitable<Result<OrderPage>> known(std::vector<std::string> ids);
  boost::asio::awaitable<Result<OrderPage>> of_payment(std::string payment_intent);
  boost::asio::awaitable<Result<OrderPage>> of_file(std::string file);
  boost::asio::awaitable<Result<OrderPage>> text(std::string word, std::string before);
  struct Bounds {
    std::size_t orders;  // to find
    std::size_t claims;  // to read
  };
  template <typename Wanted>
  boost::asio::awaitable<Result<OrderPage>> walk(OrderList which, std::optional<ListedOrder> after,
                                                 Bounds bounds, Wanted wanted);

  Context& context_;
};

}  // namespace claimcheck
