#include "stripe/client.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "stripe/asked.hpp"
#include "stripe/retry.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck::stripe {

namespace {

constexpr std::string_view checkout_object = "checkout.session";

// A seed of its own for tests and simulated worlds, which must repeat exactly.
std::minstd_rand seeded(const std::optional<std::uint64_t>& seed) {
  if (seed) return std::minstd_rand(static_cast<std::minstd_rand::result_type>(*seed));
  return std::minstd_rand(std::random_device{}());
}

std::string_view result_label(const Result<HttpResponse>& answer) {
  if (!answer) return "no_answer";
  if (answer->status < 300) return "ok";
  if (answer->status == 429) return "rate_limited";
  return answer->status < 500 ? "refused" : "server_error";
}

// How far `now` is ahead of the answer's Date.
std::optional<Duration> skew_of(const HttpResponse& answer, Time now) {
  const std::string* date = find_header(answer.headers, "date");
  const std::optional<Time> theirs = date == nullptr ? std::nullopt : from_http_date(*date);
  if (!theirs) return std::nullopt;
  return now - *theirs;
}

Result<CheckoutSession> read_answer(const Result<HttpResponse>& answer, const Asked& asked) {
  if (!answer) return fail(answer);
  if (const Result<boost::json::value> body = json::parse(answer->body)) {
    const Result<void> fits = check_asked(*body, asked);
    if (!fits) return fail(fits);
  }
  return read_checkout(*answer);
}

}  // namespace

Client::Client(HttpClient& http, Clock& clock, Metrics& metrics, Options options)
    : http_(http),
      clock_(clock),
      metrics_(metrics),
      options_(std::move(options)),
      mode_(mode_of(options_.key.reveal())),
      random_(seeded(options_.jitter_seed)) {}

HttpCall Client::call(std::string method, const std::string& path) const {
  HttpCall call;
  call.method = std::move(method);
  call.url = options_.url + path;
  call.headers = {{"accept", "application/json"},
                  {"content-type", "application/x-www-form-urlencoded"},
                  {"user-agent", user_agent},
                  {"stripe-version", std::string(api_version)},
                  {"authorization", "Bearer " + options_.key.reveal()}};
  if (!options_.account.empty()) call.headers.push_back({"stripe-account", options_.account});
  call.timeout = options_.timeout;
  return call;
}

double Client::jitter() { return std::uniform_real_distribution<double>(0, 1)(random_); }

boost::asio::awaitable<void> Client::pause(std::string_view reason, int retries, Duration length) {
  log_warn("stripe_retry", {{"reason", reason}, {"retry", retries + 1}});
  co_await clock_.sleep(length);
}

boost::asio::awaitable<Result<HttpResponse>> Client::try_once(HttpCall call, Priority priority,
                                                              Duration& patience) {
  const std::string limit = limit_of(std::string_view(call.url).substr(options_.url.size()), mode_);
  if (options_.pacing.turn) {
    Turn turn{.limit = limit, .priority = priority, .patience = patience};
    const Duration begun = clock_.steady();
    const bool ours = co_await options_.pacing.turn(std::move(turn));
    // One patience for all tries: a call that has waited for turns has less left for a 429.
    patience -= clock_.steady() - begun;
    if (!ours) {
      metrics_.count(Counter::stripe_requests, "not_sent");
      co_return fail(Errc::limited, "too many calls to Stripe are waiting");
    }
  }
  Result<HttpResponse> answer = co_await http_.send(std::move(call));
  metrics_.count(Counter::stripe_requests, result_label(answer));
  if (!answer) co_return answer;
  // Every answer has Stripe's time, so a wrong clock is found without calls of its own.
  compare_clocks(*answer);
  watch_key(*answer);
  if (is_too_often(*answer) && options_.pacing.limited) co_await options_.pacing.limited(limit);
  co_return answer;
}

// A 429 is final by the rule of the SDKs. But a buyer would rather wait a little, so checkout calls
// go on for as long as their patience lasts.
boost::asio::awaitable<Result<HttpResponse>> Client::send(HttpCall call, Priority priority) {
  Duration patience = patience_of(priority);
  int limited = 0;
  std::optional<Result<HttpResponse>>
      before;  // the last try's answer: that request may have had its effect
  for (int retries = 0;;) {
    Result<HttpResponse> answer = co_await try_once(call, priority, patience);
    // No turn for another try. The answer before it is returned then: `limited` would say that
    // nothing was sent.
    if (!answer && answer.error().code == Errc::limited) co_return before.value_or(answer);
    const RetryDecision decision = retry_decision(answer, retries);
    if (decision.again) {
      const Duration length = retry_delay(retries, jitter());
      before = std::move(answer);
      co_await pause(decision.reason, retries++, length);
      continue;
    }
    const bool busy = answer && answer->status == 429 && decision.reason != told_not_to;
    const Duration length = retry_delay(limited, jitter());
    if (!busy || priority != Priority::checkout || length > patience) co_return answer;
    patience -= length;
    before = std::move(answer);
    co_await pause("rate_limited", limited++, length);
  }
}

void Client::compare_clocks(const HttpResponse& answer) {
  const std::optional<Duration> skew = skew_of(answer, clock_.now());
  if (!skew) return;
  const bool wrong = std::chrono::abs(*skew) > clock_skew_max;
  if (wrong) metrics_.count(Counter::setup_faults, "clock");
  if (wrong == clock_wrong_) return;
  clock_wrong_ = wrong;
  log(wrong ? LogLevel::error : LogLevel::info, wrong ? "clock_wrong" : "clock_right",
      {{"ahead_of_stripe_s", skew->count() / 1'000'000}});
}

void Client::watch_key(const HttpResponse& answer) {
  const bool refused = answer.status == 401;
  if (refused) metrics_.count(Counter::setup_faults, "stripe_key");
  if (refused == key_refused_) return;
  key_refused_ = refused;
  if (refused) {
    log_error("stripe_key_refused", {{"why", "Stripe refuses STRIPE_SECRET_KEY (401)"}});
  } else {
    log_info("stripe_key_taken");
  }
}

boost::asio::awaitable<Result<HttpResponse>> Client::send_post(std::string path, std::string form,
                                                               std::string idempotency_key,
                                                               Priority priority) {
  HttpCall request = call("POST", path);
  request.headers.push_back({"idempotency-key", idempotency_key});
  request.body = std::move(form);
  Result<HttpResponse> answer = co_await send(std::move(request), priority);
  if (!answer) co_return answer;
  // Before anything of the answer is read: with another key it is the answer to another operation.
  const Result<void> fits = check_key(*answer, idempotency_key);
  if (!fits) co_return fail(fits);
  co_return answer;
}

boost::asio::awaitable<Result<HttpResponse>> Client::post(std::string path, std::string form,
                                                          std::string idempotency_key,
                                                          Priority priority) {
  Result<HttpResponse> answer =
      co_await send_post(std::move(path), std::move(form), std::move(idempotency_key), priority);
  if (answer && answer->status >= 300) co_return std::unexpected(error_of(*answer));
  co_return answer;
}

boost::asio::awaitable<Result<boost::json::value>> Client::get(std::string path,
                                                               Priority priority) {
  HttpCall request = call("GET", path);
  const Result<HttpResponse> answer = co_await send(std::move(request), priority);
  if (!answer) co_return fail(answer);
  if (answer->status >= 300) co_return std::unexpected(error_of(*answer));
  Result<boost::json::value> body = json::parse(answer->body);
  if (!body) co_return fail(Errc::ambiguous, "Stripe's answer is not JSON");
  co_return body;
}

boost::asio::awaitable<Result<Page<boost::json::value>>> Client::page(std::string path,
                                                                      std::string after,
                                                                      Priority priority) {
  path += fmt::format("&limit={}", page_elements);
  if (!after.empty()) path += "&starting_after=" + url_encode(after);
  Result<boost::json::value> answer = co_await get(std::move(path), priority);
  if (!answer) co_return fail(answer);
  boost::json::object* members = answer->if_object();
  boost::json::value* data = members != nullptr ? members->if_contains("data") : nullptr;
  if (data == nullptr || !data->is_array()) {
    co_return fail(Errc::ambiguous, "Stripe's list has no data");
  }
  boost::json::array& found = data->get_array();
  Page<boost::json::value> page;
  if (json::bool_at(*answer, "has_more") && !found.empty()) {
    page.next = json::text_at(found.back(), "id");
    // A list that does not move on would be read for ever, or end too early without a sign.
    if (page.next.empty() || page.next == after) {
      co_return fail(Errc::ambiguous, "Stripe's list does not go on");
    }
  }
  page.elements.assign(std::make_move_iterator(found.begin()),
                       std::make_move_iterator(found.end()));
  co_return page;
}

boost::asio::awaitable<Result<std::vector<boost::json::value>>> Client::list(std::string path,
                                                                             Priority priority) {
  constexpr int pages_max = 10;  // an order has at most units_max refunds of ours
  std::vector<boost::json::value> elements;
  std::string after;
  for (int pages = 0; pages < pages_max; ++pages) {
    auto listed = co_await page(path, after, priority);
    if (!listed) co_return fail(listed);
    std::ranges::move(listed->elements, std::back_inserter(elements));
    after = std::move(listed->next);
    if (after.empty()) co_return elements;
  }
  co_return fail(Errc::unavailable, "Stripe's list is longer than can be read");
}

boost::asio::awaitable<Result<Duration>> Client::clock_skew() {
  // Any read would do. This one needs only a right that a restricted key must have in any case.
  HttpCall request = call("GET", "/v1/checkout/sessions?limit=1");
  const Result<HttpResponse> answer = co_await send(std::move(request), Priority::lookup);
  if (!answer) co_return fail(answer);
  if (answer->status >= 300) co_return std::unexpected(error_of(*answer));
  const std::optional<Duration> skew = skew_of(*answer, clock_.now());
  if (!skew) co_return fail(Errc::ambiguous, "Stripe's answer has no Date");
  co_return *skew;
}

boost::asio::awaitable<Result<std::string>> Client::account() {
  const Result<boost::json::value> told = co_await get("/v1/account", Priority::lookup);
  if (!told) co_return fail(told);
  const Result<void> fits = check_asked(*told, {.object = "account"});
  if (!fits) co_return fail(fits);
  std::string id(json::text_at(*told, "id"));
  if (id.empty()) co_return fail(Errc::ambiguous, "Stripe's answer has no account id");
  co_return id;
}

boost::asio::awaitable<Result<PriceFacts>> Client::price(std::string id) {
  const Result<boost::json::value> told =
      co_await get("/v1/prices/" + url_encode(id), Priority::lookup);
  if (!told) co_return fail(told);
  const Result<void> fits = check_asked(*told, {.object = "price", .id = id});
  if (!fits) co_return fail(fits);
  co_return read_price(*told);
}

boost::asio::awaitable<Result<CheckoutSession>> Client::create_checkout(
    CheckoutParams params, std::string idempotency_key) {
  std::string form = params.form();
  const Result<HttpResponse> answer = co_await post("/v1/checkout/sessions", std::move(form),
                                                    std::move(idempotency_key), Priority::checkout);
  co_return read_answer(answer, {.object = checkout_object, .livemode = mode_});
}

boost::asio::awaitable<Result<CheckoutSession>> Client::retrieve_checkout(std::string id,
                                                                          Expand expand,
                                                                          Priority priority) {
  std::string path =
      // Session, payment, charge and register in one answer: facts of one moment, and one call
      // instead of three.
      "/v1/checkout/sessions/" + url_encode(id) + "?expand[0]=payment_intent.latest_charge";
  if (expand == Expand::payment_and_line_items) path += "&expand[1]=line_items";
  HttpCall request = call("GET", path);
  const Result<HttpResponse> answer = co_await send(std::move(request), priority);
  if (answer && answer->status >= 300) co_return std::unexpected(error_of(*answer));
  co_return read_answer(answer, {.object = checkout_object, .id = id, .livemode = mode_});
}

boost::asio::awaitable<Result<Page<CheckoutSession>>> Client::checkouts_between(Time since,
                                                                                Time until,
                                                                                std::string after) {
  std::string path = fmt::format(
      "/v1/checkout/sessions?created[gte]={}&created[lt]={}"
      "&expand[0]=data.payment_intent.latest_charge",
      to_unix_s(since), to_unix_s(until));
  const auto listed = co_await page(std::move(path), std::move(after), Priority::audit);
  if (!listed) co_return fail(listed);
  Page<CheckoutSession> sessions{.elements = {}, .next = listed->next};
  for (const boost::json::value& session : listed->elements) {
    const Result<void> fits = check_asked(session, {.object = checkout_object, .livemode = mode_});
    if (!fits) co_return fail(fits);
    sessions.elements.push_back(read_checkout(session));
  }
  co_return sessions;
}

boost::asio::awaitable<Result<CheckoutSession>> Client::expire_checkout(
    std::string id, std::string idempotency_key) {
  std::string path = "/v1/checkout/sessions/" + url_encode(id) + "/expire";
  const Result<HttpResponse> answer =
      co_await post(std::move(path), "", std::move(idempotency_key), Priority::checkout);
  co_return read_answer(answer, {.object = checkout_object, .id = id, .livemode = mode_});
}

}  // namespace claimcheck::stripe
