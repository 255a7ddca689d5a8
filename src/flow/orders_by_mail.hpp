// OrdersByMail: a buyer who has lost the link asks for the orders of an e-mail address, and the
// answer goes to that address alone. Nobody learns from the question whether the address is known:
// it is only taken, and looked up afterwards. The mail goes through the outbox, at most one in
// each hour of the clock to each address, over all processes. Questions that wait are lost with the
// process: the buyer asks again. Owned by the server; one thread.
#pragma once

#include "base/secret.hpp"
#include "base/signal.hpp"
#include "domain/session.hpp"
#include "flow/context.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// The outbox's name for this mail, which is about an address and no news of an order.
inline constexpr const char* orders_link_news = "link";
inline constexpr Duration orders_link_every = std::chrono::hours(1);  // to one address

// What a list shows of an order, without its prompt: an address may have many, and each prompt may
// have megabytes.
struct OrderOfAddress {
  std::string session_id;
  SessionStatus status = SessionStatus::pending;
  std::string title;
  std::int64_t videos = 1;
  std::string created;  // ISO 8601
  std::optional<SessionPaid> paid;
  std::optional<std::string> price;  // its id
};

class OrdersByMail {
 public:
  static constexpr std::size_t waiting_max = 1000;

  OrdersByMail(Context& context, const boost::asio::any_io_executor& executor,
               std::vector<Secret> keys);

  // Can a mail be sent at all?
  bool has_mail() const;
  // False = too many questions wait.
  bool ask(std::string email);
  // Looks up what was asked, one by one; runs until it is cancelled.
  boost::asio::awaitable<void> run();

  // The orders that a mailed link shows, newest first. Errors: the store's; invalid = no link of
  // ours; not_found = it has ended, or the order that it names has no address any more.
  Async<std::vector<OrderOfAddress>> open(std::string link);

 private:
  Async<void> send(std::string email);

  Context& context_;
  std::vector<Secret> keys_;
  Signal asked_;
  std::deque<std::string> waiting_;  // addresses
};

}  // namespace claimcheck
