#include "api/operator_routes.hpp"

#include "api/answers.hpp"
#include "api/list_routes.hpp"
#include "api/order_answer.hpp"
#include "api/session_patch.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "flow/alert_records.hpp"
#include "flow/payment.hpp"
#include "report/alert_signs.hpp"
#include "report/generator_load.hpp"
#include "report/order_list.hpp"
#include "store/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

constexpr std::size_t search_bytes_max = 300;

// How many orders to show.
std::expected<std::size_t, Refusal> limit_of(const HttpRequest& request) {
  const std::optional<std::string> given = form_value(request.query, "limit");
  if (!given) return orders_per_page;
  std::size_t limit = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, failed] = std::from_chars(given->data(), end, limit);
  // Refused and not corrected: a caller that asks for 1000 would take 50 for all there are.
  const bool good = failed == std::errc() && stop == end && limit >= 1 && limit <= orders_per_page;
  if (good) return limit;
  Refusal refusal{.kind = RefusalKind::invalid};
  refusal.code = "invalid_limit";
  refusal.message = fmt::format("limit is a number from 1 to {}", orders_per_page);
  refusal.param = "limit";
  return std::unexpected(std::move(refusal));
}

HttpResponse list_response(const Result<OrderPage>& page) {
  if (page) return json_response(200, answer_of(*page));
  // Cursors are made here, so a malformed one is the caller's mistake and not Redis'.
  if (page.error().code == Errc::invalid) {
    return error_response(400, page.error().message, "invalid_cursor", "before");
  }
  return store_error_response(page.error());
}

// An outage that no order waits for is no alarm.
json::OrNull<GeneratorAway> generator_away(const GeneratorOutage& outage) {
  if (outage.reason.empty() || outage.waiting == 0) return {};
  return GeneratorAway{.reason = outage.reason, .since = outage.since, .waiting = outage.waiting};
}

// The disputes that await an answer, and when the first answer is due.
json::OrNull<OpenDisputes> open_disputes(const AlertFacts& facts) {
  if (facts.counts.disputed == 0 || !facts.answer_by) return {};
  return OpenDisputes{.count = facts.counts.disputed, .answerBy = *facts.answer_by};
}

json::OrNull<StoppedRefunds> stopped_refunds(const RefundBreaker& breaker) {
  if (breaker.reason.empty()) return {};
  return StoppedRefunds{.reason = breaker.reason, .since = breaker.opened};
}

json::OrNull<PausedCheckout> paused_checkout(const std::optional<CheckoutPause>& pause) {
  if (!pause) return {};
  PausedCheckout told{.since = pause->since, .until = {}, .by = {}};
  if (pause->automatic()) told.until = pause->until;
  if (!pause->automatic()) told.by = pause->by;
  return told;
}

const Error* error_of(const auto& result) { return result ? nullptr : &result.error(); }

}  // namespace

Answer OperatorRoutes::stats(HttpRequest request) {
  const auto range = from_name<StatsRange>(form_value(request.query, "range").value_or("hour"));
  if (!range) {
    co_return error_response(400, "range is hour, day or month", "invalid_range", "range");
  }
  // Both parts in one answer: the page draws them together.
  Result<StatsSeries> series = co_await statistics_.series(*range);
  if (!series) co_return store_error_response(series.error());
  const Result<Now> now = co_await this->now();
  if (!now) co_return store_error_response(now.error());
  co_return json_response(200, StatsAnswer{std::move(*series), *now});
}

// Complete or an error: a zero that only means that Redis did not answer would look like good news.
boost::asio::awaitable<Result<Now>> OperatorRoutes::now() {
  const Result<AlertFacts> facts = co_await read_alert_facts(context_, statistics_);
  if (!facts) co_return fail(facts);
  const OrderCounts& counts = facts->counts;
  const Result<std::vector<AlertRecord>> alerts = co_await open_alerts(*context_.store.alerts);
  if (!alerts) co_return fail(alerts);
  Result<std::vector<GeneratorLoad>> loads = co_await generator_loads(context_, facts->outages);
  if (!loads) co_return fail(loads);
  co_return Now{.time = context_.clock.now(),
                .waiting = counts.unpaid,
                // An unpaid order is due as well, when its form closes. The two numbers are not of
                // the same moment, so the difference may be below zero.
                .inProgress = std::max<std::int64_t>(0, counts.due - counts.unpaid),
                .held = counts.held,
                .disputed = open_disputes(*facts),
                .expectedSeconds = statistics_.expected_delivery_s(),
                .refundsStopped = stopped_refunds(facts->refunds),
                .generatorAway = generator_away(facts->generator),
                .generators = std::move(*loads),
                .checkoutPaused = paused_checkout(facts->pause),
                .clockWrong = !context_.clocks_agree(),
                .setup = setup_faults(facts->hour),
                .mode = mode_,
                .alerts = alert_answers(*alerts)};
}

Answer OperatorRoutes::orders(HttpRequest request) {
  const auto question = read_list_question(request);
  if (!question) co_return refusal_response(question.error());
  const auto limit = limit_of(request);
  if (!limit) co_return refusal_response(limit.error());
  std::string before = form_value(request.query, "before").value_or("");
  OrderSearch search(context_, face_);
  co_return list_response(
      co_await search.list(question->filter, std::move(before), *limit, question->created));
}

// The search words are in the body, not in the address: proxies write addresses into their logs.
Answer OperatorRoutes::search(HttpRequest request) {
  Result<boost::json::object> members = json::parse_body(request.body);
  if (!members) co_return error_response(400, members.error().message, "invalid_search");
  const boost::json::value body(std::move(*members));
  const std::string words(json::text_at(body, "q"));
  const std::string before(json::text_at(body, "before"));
  // A text search reads claims one by one, so a word is bounded like the number of claims.
  if (words.empty() || words.size() > search_bytes_max) {
    co_return error_response(400, fmt::format("q is a text of 1 to {} bytes", search_bytes_max),
                             "invalid_search", "q");
  }
  OrderSearch search(context_, face_);
  co_return list_response(co_await search.find(words, before));
}

// Reads all records and shows those that can be read: a person opens this page for a broken order.
// Only a Redis that does not answer is an error.
Answer OperatorRoutes::order(std::string session_id) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  FoundOrder found{.report = {.session_id = session_id, .session = {}, .claim = {}, .history = {}},
                   .next_look = {},
                   .held_since = {},
                   .opened = {},
                   .breaker = {},
                   .gist = {}};
  found.report.session = co_await context_.store.sessions->read_session(session_id);
  found.report.claim = co_await context_.store.orders->load(session_id);
  Result<std::vector<HistoryLine>> history = co_await context_.store.orders->history(session_id);
  found.next_look = co_await context_.store.queue->due_at(session_id);
  found.held_since = co_await context_.store.lists->listed_since(OrderList::held, session_id);
  found.opened = co_await context_.store.orders->opened(session_id);
  found.breaker = co_await context_.store.refunds->refund_breaker();
  const Result<Claim>& claim = found.report.claim;
  // Absent and unreadable are facts about the order. Every other error means that Redis did not
  // answer.
  for (const Error* error : {error_of(found.report.session), error_of(claim), error_of(history),
                             error_of(found.next_look), error_of(found.held_since),
                             error_of(found.opened), error_of(found.breaker)}) {
    const bool told =
        error == nullptr || error->code == Errc::not_found || error->code == Errc::unreadable;
    if (!told) co_return store_error_response(*error);
  }
  // A session value without a claim is shown: it may be the order of another program.
  if (!found.report.session && !claim && claim.error().code == Errc::not_found) {
    co_return error_response(404, "no such order", "not_found");
  }
  if (claim) {
    std::string_view bytes;
    if (found.report.session) bytes = found.report.session->bytes;
    found.gist = gist_of(bytes, *claim, context_.catalog, face_);
  }
  // An unreadable history is left out: the claim is what the order goes on with.
  if (history) found.report.history = std::move(*history);
  co_return json_response(200, order_answer(found, context_.clock.now(), context_.policy));
}

Answer OperatorRoutes::metrics() {
  co_await count_lines(context_);
  HttpResponse response{.status = 200, .body = context_.metrics.text()};
  // The version is Prometheus' text format.
  response.headers.push_back({"content-type", "text/plain; version=0.0.4; charset=utf-8"});
  co_return response;
}

Answer OperatorRoutes::patch(HttpRequest request, std::string session_id, Caller caller) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  auto patch = read_session_patch(request.body);
  if (!patch) {
    co_return error_response(patch.error().status, patch.error().message, patch.error().code,
                             patch.error().param);
  }
  // Only the inputs are guarded here, by the claim. A submit that is prepared at this very moment
  // is guarded by the digest of the session value (OrderPass::commit).
  if (patch->changes_inputs) {
    const Result<Claim> claim = co_await context_.store.orders->load(session_id);
    if (!claim && claim.error().code != Errc::not_found) {
      co_return store_error_response(claim.error());
    }
    // From the payment on the buyer gets what was paid for, with the inputs of that moment.
    if (claim && claim->state != OrderState::open) {
      co_return error_response(409, "the order is already being made from its present inputs",
                               "order_in_progress");
    }
  }
  const Result<SessionData> before = co_await get_session(*context_.store.sessions, session_id);
  const Result<SessionData> updated = co_await update_session(
      *context_.store.sessions, context_.clock, session_id, std::move(patch->changes));
  if (!updated) co_return store_error_response(updated.error());
  // A corrected address finds the order, and the mistaken one does not any more.
  if (before) co_await reindex_order(context_, session_id, *before, *updated);
  log_info("operator_action", {{"session", session_id}, {"action", "patch"}, {"by", caller.name}});
  co_return json_response(200, PatchAnswer());
}

}  // namespace claimcheck
