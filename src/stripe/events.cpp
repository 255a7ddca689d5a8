// The list of events: for those whose webhooks were lost.
#include "base/json.hpp"
#include "stripe/client.hpp"

#include <fmt/format.h>

#include <array>

namespace claimcheck::stripe {

namespace {

// Only the types that can change an order: the list is read page by page, and each page is a call.
constexpr std::array<std::string_view, 9> wanted = {"checkout.session.completed",
                                                    "checkout.session.async_payment_succeeded",
                                                    "checkout.session.async_payment_failed",
                                                    "refund.updated",
                                                    "refund.failed",
                                                    "charge.refunded",
                                                    "charge.dispute.created",
                                                    "charge.dispute.updated",
                                                    "charge.dispute.closed"};

}  // namespace

boost::asio::awaitable<Result<Page<Event>>> Client::events_between(Time since, Time until,
                                                                   std::string after) {
  std::string path =
      fmt::format("/v1/events?created[gte]={}&created[lt]={}", to_unix_s(since), to_unix_s(until));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    path += fmt::format("&types[{}]={}", i, wanted[i]);
  }
  const auto listed = co_await page(std::move(path), std::move(after), Priority::lookup);
  if (!listed) co_return fail(listed);
  Page<Event> events{.elements = {}, .next = listed->next};
  for (const boost::json::value& event : listed->elements) {
    events.elements.push_back(read_event(event));
  }
  co_return events;
}

}  // namespace claimcheck::stripe
