#include "api/operator_routes.hpp"

#include "api/answers.hpp"
#include "api/session_patch.hpp"
#include "base/json.hpp"
#include "domain/command.hpp"
#include "domain/money.hpp"
#include "domain/names.hpp"
#include "report/dispute_evidence.hpp"
#include "report/order_list.hpp"
#include "report/order_report.hpp"
#include "report/order_words.hpp"
#include "store/codec.hpp"
#include "store/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

constexpr std::size_t search_bytes_max = 300;

std::string text_json(std::string_view text) { return json::print(text); }

std::string moment_json(const Result<Time>& when) {
  return when ? text_json(to_iso(*when)) : "null";
}

std::string moment_json(std::int64_t us) { return us == 0 ? "null" : moment_json(from_us(us)); }

// How many to show; nothing = that is no number from 1 to a page.
std::optional<std::size_t> limit_of(const HttpRequest& request) {
  const std::optional<std::string> given = form_value(request.query, "limit");
  if (!given) return orders_per_page;
  std::size_t limit = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, failed] = std::from_chars(given->data(), end, limit);
  const bool good = failed == std::errc() && stop == end && limit >= 1 && limit <= orders_per_page;
  return good ? std::optional(limit) : std::nullopt;
}

HttpResponse list_response(const Result<OrderPage>& page) {
  if (page) return json_response(200, page_json(*page));
  if (page.error().code == Errc::invalid) {
    return error_response(400, page.error().message, "invalid_cursor", "before");
  }
  return store_error_response(page.error());
}

// Nobody who waits: nobody to tell.
std::string outage_json(const GeneratorOutage& outage) {
  if (outage.reason.empty() || outage.waiting == 0) return "null";
  return fmt::format(R"({{"reason":{},"since":{},"waiting":{}}})", text_json(outage.reason),
                     moment_json(outage.since), outage.waiting);
}

// Those that the bank awaits an answer about, and when the first is due.
std::string disputes_json(const OrderCounts& counts, const std::vector<ListedOrder>& first) {
  if (counts.disputed == 0 || first.empty()) return "null";
  return fmt::format(R"({{"count":{},"answerBy":{}}})", counts.disputed,
                     moment_json(first.front().when));
}

std::string names_json(const std::vector<CommandKind>& kinds) {
  std::string names;
  for (const CommandKind kind : kinds) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", name_of(kind));
  }
  return "[" + names + "]";
}

const Error* error_of(const auto& result) { return result ? nullptr : &result.error(); }

std::string unit_json(const Context& context, const Claim& claim, std::size_t index) {
  const Unit& unit = claim.units[index];
  const auto actions = possible(claim, index, context.clock.now(), context.policy);
  return fmt::format(
      R"({{"unit":{},"video":{},"state":"{}","reason":{},"job":{},"url":{},"attempt":{},)"
      R"("accepted":{},"retry":{},)"
      R"("registered":"{}","refund":{},"amount":{},"actions":{}}})",
      index, video_number(index), name_of(unit.state), text_json(unit.reason), text_json(unit.job),
      text_json(unit.url), unit.attempt, moment_json(unit.accepted_us), moment_json(unit.retry_us),
      name_of(unit.registered), text_json(unit.refund), share_of(claim, index),
      names_json(actions));
}

std::optional<SessionData> session_of(const Result<SessionBytes>& stored) {
  const Result<SessionData> session =
      stored ? decode_session(stored->bytes) : Result<SessionData>(fail(stored));
  return session ? std::optional(*session) : std::nullopt;
}

// What answers the bank, by the names of Stripe's form.
std::string evidence_json(const DisputedOrder& order) {
  std::string fields;
  for (const EvidenceField& field : evidence_of(order)) {
    fields += fmt::format(R"({}{{"field":{},"text":{}}})", fields.empty() ? "" : ",",
                          text_json(field.name), text_json(field.text));
  }
  return fmt::format(R"("evidence":[{}],)", fields);
}

// What is shown of a claim beside the raw record.
std::string claim_parts(const Context& context, const std::string& session_id, const Claim& claim,
                        const Result<Time>& next_look, const Result<Time>& held_since,
                        bool refunds_stopped) {
  ShownOrder order{.session_id = session_id, .claim = claim, .held_since = {}};
  if (held_since && is_held(claim)) order.held_since = *held_since;
  std::string words;
  const auto planned = next_look ? std::optional<Time>(*next_look) : std::nullopt;
  for (const std::string& sentence : words_of(claim, planned, refunds_stopped)) {
    words += (words.empty() ? "" : ",") + text_json(sentence);
  }
  std::string links;
  for (const DashboardLink& link : dashboard_links(session_id, claim)) {
    links += fmt::format(R"({}{{"name":{},"url":{}}})", links.empty() ? "" : ",",
                         text_json(link.name), text_json(link.url));
  }
  std::string units;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    units += (units.empty() ? "" : ",") + unit_json(context, claim, i);
  }
  return fmt::format(R"("order":{},"words":[{}],"links":[{}],"units":[{}],"actions":{},)",
                     order_json(order), words, links, units,
                     names_json(possible(claim, {}, context.clock.now(), context.policy)));
}

}  // namespace

Answer OperatorRoutes::stats(HttpRequest request) {
  const auto range = from_name<StatsRange>(form_value(request.query, "range").value_or("hour"));
  if (!range) {
    co_return error_response(400, "range is hour, day or month", "invalid_range", "range");
  }
  const Result<std::string> series = co_await statistics_.answer(*range);
  if (!series) co_return store_error_response(series.error());
  const Result<OrderCounts> counts = co_await context_.store.order_counts();
  if (!counts) co_return store_error_response(counts.error());
  const Result<RefundBreaker> breaker = co_await context_.store.refund_breaker();
  if (!breaker) co_return store_error_response(breaker.error());
  const Result<GeneratorOutage> outage = co_await context_.store.generator_outage();
  if (!outage) co_return store_error_response(outage.error());
  const auto disputed = co_await context_.store.list(OrderList::disputed, {}, 1);
  if (!disputed) co_return store_error_response(disputed.error());
  const std::int64_t in_progress = std::max<std::int64_t>(0, counts->due - counts->unpaid);
  const auto expected = statistics_.expected_delivery_s();
  const bool open = !breaker->reason.empty();
  const std::string stopped =
      open ? fmt::format(R"({{"reason":{},"since":{}}})", text_json(breaker->reason),
                         moment_json(breaker->opened))
           : "null";
  co_return json_response(
      200, fmt::format(R"({{{},"now":{{"time":{},"waiting":{},"inProgress":{},"held":{},)"
                       R"("disputed":{},)"
                       R"("expectedSeconds":{},"refundsStopped":{},"generatorAway":{},)"
                       R"("clockWrong":{},"mode":"{}"}}}})",
                       *series, moment_json(context_.clock.now()), counts->unpaid, in_progress,
                       counts->held, disputes_json(*counts, *disputed),
                       expected ? fmt::to_string(*expected) : "null", stopped, outage_json(*outage),
                       context_.clocks_agree() ? "false" : "true", live_mode_ ? "live" : "test"));
}

Answer OperatorRoutes::orders(HttpRequest request) {
  const auto filter = from_name<OrderFilter>(form_value(request.query, "filter").value_or("all"));
  if (!filter) {
    co_return error_response(400,
                             "filter is held, disputed, waiting, working, delivered, refunded, "
                             "unpaid or all",
                             "invalid_filter", "filter");
  }
  const std::optional<std::size_t> limit = limit_of(request);
  if (!limit) {
    co_return error_response(400, fmt::format("limit is a number from 1 to {}", orders_per_page),
                             "invalid_limit", "limit");
  }
  std::string before = form_value(request.query, "before").value_or("");
  OrderSearch search(context_);
  co_return list_response(co_await search.list(*filter, std::move(before), *limit));
}

// The words come in the body, not in the address: addresses stand in the logs of proxies.
Answer OperatorRoutes::search(HttpRequest request) {
  Result<boost::json::object> members = json::parse_body(request.body);
  if (!members) co_return error_response(400, members.error().message, "invalid_search");
  const boost::json::value body(std::move(*members));
  const std::string words(json::text_at(body, "q"));
  const std::string before(json::text_at(body, "before"));
  if (words.empty() || words.size() > search_bytes_max) {
    co_return error_response(400, fmt::format("q is a text of 1 to {} bytes", search_bytes_max),
                             "invalid_search", "q");
  }
  OrderSearch search(context_);
  co_return list_response(co_await search.find(words, before));
}

Answer OperatorRoutes::order(std::string session_id) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  OrderReport report{.session_id = session_id, .session = {}, .claim = {}, .history = {}};
  report.session = co_await context_.store.read_session(session_id);
  report.claim = co_await context_.store.load(session_id);
  Result<std::vector<HistoryLine>> history = co_await context_.store.history(session_id);
  const Result<Time> next_look = co_await context_.store.due_at(session_id);
  const Result<Time> held_since = co_await context_.store.listed_since(OrderList::held, session_id);
  const Result<Time> opened = co_await context_.store.opened(session_id);
  const Result<RefundBreaker> breaker = co_await context_.store.refund_breaker();
  for (const Error* error :
       {error_of(report.session), error_of(report.claim), error_of(history), error_of(next_look),
        error_of(held_since), error_of(opened), error_of(breaker)}) {
    const bool told =
        error == nullptr || error->code == Errc::not_found || error->code == Errc::unreadable;
    if (!told) co_return store_error_response(*error);
  }
  if (!report.session && !report.claim && report.claim.error().code == Errc::not_found) {
    co_return error_response(404, "no such order", "not_found");
  }
  if (history) report.history = std::move(*history);
  std::string parts;
  if (report.claim) {
    parts = claim_parts(context_, session_id, *report.claim, next_look, held_since,
                        breaker && !breaker->reason.empty());
    if (!report.claim->dispute.id.empty()) {
      parts += evidence_json({session_id, *report.claim, session_of(report.session), opened});
    }
  }
  std::string problem = "null";
  if (!report.claim) problem = text_json(report.claim.error().message);
  co_return json_response(
      200, fmt::format(R"({{"id":{},"now":{},"nextLook":{},{}"problem":{},"records":{}}})",
                       text_json(session_id), moment_json(context_.clock.now()),
                       moment_json(next_look), parts, problem, report_json(report)));
}

Answer OperatorRoutes::metrics() {
  HttpResponse response{.status = 200, .body = context_.metrics.text()};
  response.headers.push_back({"content-type", "text/plain; version=0.0.4; charset=utf-8"});
  co_return response;
}

Answer OperatorRoutes::patch(HttpRequest request, std::string session_id) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  auto patch = read_session_patch(request.body);
  if (!patch) {
    co_return error_response(patch.error().status, patch.error().message, patch.error().code,
                             patch.error().param);
  }
  if (patch->changes_inputs) {
    const Result<Claim> claim = co_await context_.store.load(session_id);
    if (!claim && claim.error().code != Errc::not_found) {
      co_return store_error_response(claim.error());
    }
    if (claim && claim->state != OrderState::open) {
      co_return error_response(409, "the order is already being made from its present inputs",
                               "order_in_progress");
    }
  }
  const Result<SessionData> updated = co_await update_session(
      context_.store, context_.clock, session_id, std::move(patch->changes));
  if (!updated) co_return store_error_response(updated.error());
  co_return json_response(200, R"({"success":true})");
}

}  // namespace claimcheck
