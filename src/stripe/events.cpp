// The list of events: what webhooks may have failed to tell.
#include "base/json.hpp"
#include "stripe/client.hpp"

#include <fmt/format.h>

#include <array>

namespace claimcheck::stripe {

namespace {

constexpr int page_size = 100;
constexpr int pages_max = 200;
constexpr std::array<std::string_view, 7> wanted = {"checkout.session.completed",
                                                    "checkout.session.async_payment_succeeded",
                                                    "checkout.session.async_payment_failed",
                                                    "refund.updated",
                                                    "refund.failed",
                                                    "charge.refunded",
                                                    "charge.dispute.created"};

}  // namespace

boost::asio::awaitable<Result<std::vector<Event>>> Client::events_since(Time since) {
  std::string path =
      fmt::format("/v1/events?created[gte]={}&limit={}", to_unix_s(since), page_size);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    path += fmt::format("&types[{}]={}", i, wanted[i]);
  std::vector<Event> events;
  std::string last;
  for (int page = 0; page < pages_max; ++page) {
    const Result<boost::json::value> list =
        co_await get(last.empty() ? path : path + "&starting_after=" + url_encode(last));
    if (!list) co_return fail(list);
    const boost::json::value* data = json::find(*list, "data");
    if (data == nullptr || !data->is_array()) {
      co_return fail(Errc::ambiguous, "Stripe's list has no data");
    }
    for (const boost::json::value& event : data->get_array()) {
      events.push_back(read_event(event));
      last = json::text_at(event, "id");
    }
    if (!json::bool_at(*list, "has_more") || data->get_array().empty()) co_return events;
  }
  co_return fail(Errc::unavailable, "more events than can be read at once");
}

}  // namespace claimcheck::stripe
