#include "api/buyer_routes.hpp"

#include "api/answers.hpp"
#include "api/status_answer.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

HttpResponse status_error(int status, std::string code, const std::string& message) {
  return json_response(
      status, StatusErrorAnswer{.error = message, .code = std::move(code), .message = message});
}

// With the status word too: a page with a wrong address must stop asking.
HttpResponse malformed_id() {
  return status_error(400, "invalid_session_id", "this is not a session id");
}

// For a session whose status cannot be shown. A failure that passes by itself has no status word,
// so the page asks again.
HttpResponse no_status(const Error& error) {
  if (error.code == Errc::not_found) {
    return status_error(404, "not_found", "we know no order with this session id");
  }
  if (error.code == Errc::unreadable) {
    return status_error(500, "unreadable",
                        "this order's data cannot be read; write to us with its number");
  }
  return store_error_response(error);
}

// The replaced system's names for one and for three videos. Every other price is named by its id.
std::string price_name(const Price& price) {
  if (price.units == 1) return "single";
  if (price.units == 3) return "triple";
  return price.id;
}

void add_offers(const Price& price, const Catalog& catalog, const PriceList& prices,
                std::vector<OfferedPrice>& items) {
  std::vector<std::string> slugs = {price.tool};
  slugs.insert(slugs.end(), price.also.begin(), price.also.end());
  for (const std::string& slug : slugs) {
    const Tool* tool = catalog.tool(slug);
    if (tool == nullptr) continue;
    OfferedPrice item{.priceId = price.id,
                      .videos = price.units,
                      .quantityMax = quantity_max_at(price),
                      .toolSlug = tool->slug,
                      .toolTitle = tool->title,
                      .media = other_than_video(tool->media),
                      .durations = tool->durations,
                      .resolutions = tool->resolutions,
                      .styles = tool->styles};
    if (const stripe::PriceFacts* facts = prices.of(price.id)) {
      if (!facts->name.empty()) item.name = facts->name;
      item.amount = facts->unit_amount;
      item.currency = facts->currency;
    }
    items.push_back(std::move(item));
  }
}

}  // namespace

BuyerRoutes::BuyerRoutes(Parts parts, Mode mode) : parts_(std::move(parts)), mode_(mode) {}

Answer BuyerRoutes::create_checkout(HttpRequest request) {
  // Before the order is read: a flood would cost the time for it.
  auto admitted = co_await parts_.admission.admit(request);
  if (!admitted) co_return std::move(admitted.error());
  const std::string* given = find_header(request.headers, "idempotency-key");
  // A signed call that is sent again has the same id, so it opens one checkout.
  // Under a name of its own, so that no key of a browser can be equal to it.
  std::string key = std::move(admitted->call_id);
  if (!key.empty()) key.insert(0, "signed ");
  if (given != nullptr && !given->empty()) key = *given;
  // The limit is Stripe's own.
  if (key.size() > idempotency_key_bytes_max) {
    co_return error_response(400, "the Idempotency-Key is longer than 255 bytes",
                             "invalid_idempotency_key");
  }
  auto order = read_order_request(request.body, parts_.catalog);
  if (!order) co_return refusal_response(order.error());
  const auto answer = co_await parts_.checkout.create(std::move(*order), std::move(key));
  if (!answer) co_return refusal_response(answer.error());
  co_return json_response(200, PaymentPage{.sessionId = answer->session_id, .url = answer->url});
}

Answer BuyerRoutes::stripe_prices() {
  PricesAnswer answer{.prices = {}, .mode = mode_};
  for (const Price& price : parts_.catalog.prices) {
    std::string name = price_name(price);
    const auto named = [&name](const auto& listed) { return listed.first == name; };
    // Of two prices for one video, the first gets the name and the others their ids.
    if (std::ranges::any_of(answer.prices, named)) name = price.id;
    answer.prices.emplace_back(std::move(name), price.id);
    add_offers(price, parts_.catalog, parts_.prices, answer.items);
  }
  co_return json_response(200, answer);
}

Answer BuyerRoutes::order_status(HttpRequest request, std::string session_id) {
  if (!is_session_id(session_id)) co_return malformed_id();
  const auto found = co_await parts_.orders.order(session_id);
  // Somebody waits for this order, so it is refreshed sooner than by itself. A lost event then
  // costs seconds.
  if (!found && found.error().code == Errc::not_found) {
    co_await parts_.visits.visit_unknown(session_id);
  }
  if (!found) co_return no_status(found.error());
  const OrderStatus& order = **found;
  if (order.status == SessionStatus::pending && order.created) {
    co_await parts_.visits.visit(session_id, *order.created);
  }
  if (order.status == SessionStatus::completed) {
    // For a dispute: it shows that the buyer has opened the video's page.
    co_await parts_.visits.visit_delivered(session_id);
  }
  // The visits come before the answer, but only wake: no buyer waits for Stripe.
  Expectation expected{.seconds = parts_.statistics.expected_delivery_s(), .queue = {}};
  if (order.queued && parts_.queue_of) expected.queue = co_await parts_.queue_of(session_id);
  std::string tag = status_tag(order, expected);
  HttpResponse answer{.status = 304};
  if (!has_tagged(request, tag)) {
    answer = json_response(200, std::string());
    answer.shared_body = shared_answer(*found, expected);
  }
  answer.headers.push_back({"etag", std::move(tag)});
  co_return answer;
}

Answer BuyerRoutes::order_events(HttpRequest request, std::string session_id) {
  if (!is_session_id(session_id)) co_return malformed_id();
  // A browser sends it when it reconnects: what it has already is not sent again.
  const std::string* seen = find_header(request.headers, "last-event-id");
  std::string last_event_id;
  if (seen != nullptr) last_event_id = *seen;
  Result<HttpResponse> stream = co_await parts_.events.follow(session_id, std::move(last_event_id));
  if (!stream && stream.error().code == Errc::not_found) {
    co_await parts_.visits.visit_unknown(session_id);
  }
  if (!stream) co_return no_status(stream.error());
  co_return std::move(*stream);
}

}  // namespace claimcheck
