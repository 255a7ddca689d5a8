#include "api/list_routes.hpp"

#include "api/answers.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "report/order_csv.hpp"
#include "report/sales.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// Spreadsheets take a file without this mark for one of an older alphabet.
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

}  // namespace

std::expected<ListQuestion, Refusal> read_list_question(const HttpRequest& request) {
  ListQuestion question;
  const auto filter = from_name<OrderFilter>(form_value(request.query, "filter").value_or("all"));
  if (!filter) {
    return invalid("filter",
                   "filter is held, disputed, waiting, working, delivered, refunded, unpaid or "
                   "all");
  }
  question.filter = *filter;
  for (const char* const name : {"from", "until"}) {
    const std::string given = form_value(request.query, name).value_or("");
    if (given.empty()) continue;
    const std::optional<Time> when = from_iso(given);
    if (!when) return invalid(name, fmt::format("{} is a time: 2026-11-28T00:00:00.000Z", name));
    // Redis has no index of these two lists by the time of the order.
    if (!has_dates(*filter)) {
      return invalid(name, fmt::format("{} orders are not listed by days", name_of(*filter)));
    }
    (name[0] == 'f' ? question.created.from : question.created.until) = *when;
  }
  return question;
}

Answer ListRoutes::counts() {
  const Result<OrderCounts> counts = co_await context_.store.lists->order_counts();
  if (!counts) co_return store_error_response(counts.error());
  const Result<std::int64_t> dead = co_await context_.store.outbox->dead_messages();
  if (!dead) co_return store_error_response(dead.error());
  co_return json_response(
      200, CountsAnswer{.all = counts->recent,
                        .held = counts->held,
                        .disputed = counts->disputed,
                        .waiting = counts->unpaid,
                        .working = std::max<std::int64_t>(0, counts->due - counts->unpaid),
                        .givenUp = *dead,
                        .mode = mode_});
}

Answer ListRoutes::sales() {
  const Result<Sales> sales = co_await read_sales(context_, face_);
  if (!sales) co_return store_error_response(sales.error());
  co_return json_response(200, *sales);
}

Answer ListRoutes::csv(HttpRequest request, Caller caller) {
  const auto question = read_list_question(request);
  if (!question) co_return refusal_response(question.error());
  OrderSearch search(context_, face_);
  Result<OrderCsv> csv = co_await csv_of(search, question->filter, question->created);
  if (!csv) co_return store_error_response(csv.error());
  // It has e-mail addresses, so that it was taken is told; what is in it is not.
  log_info("orders_exported",
           {{"filter", name_of(question->filter)}, {"orders", csv->orders}, {"by", caller.name}});
  HttpResponse response;
  response.headers = {{"content-type", "text/csv; charset=utf-8"},
                      {"content-disposition", fmt::format("attachment; filename=\"orders-{}.csv\"",
                                                          name_of(question->filter))}};
  response.body = std::string(utf8_mark) + csv->text;
  co_return response;
}

}  // namespace claimcheck
