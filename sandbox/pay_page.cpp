#include "sandbox/pay_page.hpp"

#include "sandbox/pages.hpp"
#include "sandbox/web_files.hpp"

#include <fmt/format.h>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view path_prefix = "/c/pay/";
constexpr Duration delivery_wait = std::chrono::seconds(10);
constexpr Duration delivery_look = std::chrono::milliseconds(20);

HttpResponse see_other(std::string url) {
  return {303, {{"location", std::move(url)}, {"cache-control", "no-store"}}, ""};
}

std::string with_session_id(std::string url, const std::string& id) {
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  for (std::size_t at = url.find(placeholder); at != std::string::npos;
       at = url.find(placeholder)) {
    url.replace(at, placeholder.size(), id);
  }
  return url;
}

std::string item_rows(const StripeState& state, const std::string& session) {
  std::string rows;
  const auto items = state.line_items.find(session);
  if (items == state.line_items.end()) return rows;
  for (const Value& item : items->second) {
    const Object& fields = item.get_object();
    rows +=
        fmt::format("<li><span>{} × {}</span><span>{}</span></li>", integer_of(fields, "quantity"),
                    escape_html(text_of(fields, "description")),
                    money_text(integer_of(fields, "amount_subtotal"), text_of(fields, "currency")));
  }
  return rows;
}

// What lies between the prices and the total.
std::string sum_rows(const Object& session) {
  const Object& details = session.at("total_details").get_object();
  const std::string currency = text_of(session, "currency");
  std::string rows;
  const auto add = [&](const char* name, const char* sign, const char* member) {
    const std::int64_t amount = integer_of(details, member);
    if (amount == 0) return;
    rows += fmt::format("<li><span>{}</span><span>{}{}</span></li>", name, sign,
                        money_text(amount, currency));
  };
  add("Discount", "−", "amount_discount");
  add("Shipping", "", "amount_shipping");
  add("Tax", "", "amount_tax");
  return rows;
}

bool takes_code(const Object& session) {
  return text_of(session, "status") == "open" && bool_of(session, "allow_promotion_codes");
}

}  // namespace

HttpResponse PayPage::show(const Object& session, std::string_view message) const {
  const std::string id = text_of(session, "id");
  const std::string status = text_of(session, "status");
  std::string title = "Pay for your order";
  if (status == "complete") title = "This order is already placed";
  if (status == "expired") title = "This payment page has expired";
  const std::string amount =
      money_text(integer_of(session, "amount_total"), text_of(session, "currency"));
  return page_answer(200, web_file("pay.html"),
                     {{"title", html_text(title)},
                      {"message", html_text(message)},
                      {"amount", html_text(amount)},
                      {"items", {item_rows(state_, id)}},
                      {"sums", {sum_rows(session)}},
                      {"code", {takes_code(session) ? "" : "hidden"}},
                      {"form", {status == "open" ? "" : "hidden"}},
                      {"session", html_text(id)}});
}

boost::asio::awaitable<HttpResponse> PayPage::answer(HttpRequest request) {
  const std::string id = request.path.substr(path_prefix.size());
  const Object* session = state_.sessions.find(id);
  if (session == nullptr) co_return HttpResponse{404, {}, "There is no such payment page.\n"};
  // The form has an address in it already, so it shows the total with tax.
  payments_.locate_buyer(id);
  if (request.method != "POST") co_return show(*session, "");
  const std::string action = form_value(request.body, "action").value_or("");
  if (action == "code") {
    const std::string code = form_value(request.body, "code").value_or("");
    const Result<void> applied = payments_.apply_code(id, code);
    co_return show(*session, applied ? "" : applied.error().message);
  }
  co_return co_await act(id, action);
}

boost::asio::awaitable<HttpResponse> PayPage::act(std::string id, std::string action) {
  const Object& session = *state_.sessions.find(id);
  if (action == "cancel") {
    const std::string cancel_url = text_of(session, "cancel_url");
    if (cancel_url.empty()) co_return show(session, "This shop gave no page to go back to.");
    co_return see_other(cancel_url);
  }
  if (action == "decline") {
    const Result<std::string> declined = payments_.decline(id);
    co_return show(session, declined ? "Your card was declined." : declined.error().message);
  }
  if (action != "pay" && action != "later" && action != "later_fail") {
    co_return show(session, "Unknown action.");
  }
  Result<std::string> event =
      action == "pay" ? payments_.pay(id) : payments_.pay_later(id, action == "later_fail");
  if (!event) co_return show(session, event.error().message);
  co_await wait_for_delivery(std::move(*event));
  co_return see_other(with_session_id(text_of(session, "success_url"), id));
}

boost::asio::awaitable<void> PayPage::wait_for_delivery(std::string event) {
  if (webhooks_.endpoint().url.empty()) co_return;
  const Duration deadline = clock_.steady() + delivery_wait;
  while (!webhooks_.delivered(event) && clock_.steady() < deadline) {
    co_await clock_.sleep(delivery_look);
  }
}

}  // namespace claimcheck::sandbox
