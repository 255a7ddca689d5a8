#include "sandbox/stripe_api.hpp"

#include "sandbox/form.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/stripe_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace claimcheck::sandbox {

struct StripeApi::Operation {
  std::string_view method;
  std::string_view path;  // "*" matches one part
  std::span<const Parameter> takes;
  std::function<StripeResult<Object>(StripeApi&, const StripeCall&)> run;
};

namespace {

std::vector<std::string> path_parts(std::string_view path) {
  std::vector<std::string> parts;
  path.remove_prefix(std::string_view("/v1/").size());
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

bool path_matches(const std::vector<std::string>& parts, std::string_view pattern) {
  const std::vector<std::string> wanted = path_parts(fmt::format("/v1/{}", pattern));
  return std::ranges::equal(parts, wanted, [](const std::string& part, const std::string& want) {
    return want == "*" || part == want;
  });
}

// Stripe's name of the permission: "rak_charge_write". Refunds belong to charges.
std::string right_of(const StripeCall& call) {
  const std::string& first = call.path.empty() ? call.method : call.path.front();
  const bool writes = call.method != "GET";
  const auto named = [writes](std::string_view resource) {
    return fmt::format("rak_{}_{}", resource, writes ? "write" : "read");
  };
  if (first == "checkout") return named("checkout_session");
  if (first == "charges" || first == "refunds") return named("charge");
  if (first == "payment_intents") return named("payment_intent");
  if (first == "events") return named("event");
  if (first == "disputes") return named("dispute");
  if (first == "prices") return named("plan");
  if (first == "webhook_endpoints") return named("webhook");
  return named(first);
}

StripeError unauthorized(std::string message) {
  StripeError error;
  error.status = 401;
  error.message = std::move(message);
  return error;
}

// Stripe's body for that status, when a fault gives only the status.
HttpResponse fault_answer(HttpResponse given, const std::string& request_id) {
  if (!given.body.empty()) return given;
  StripeError error;
  error.status = given.status;
  error.message = "An unknown error occurred";
  if (given.status >= 500) error.type = "api_error";
  if (given.status == 429) {
    error.code = "rate_limit";
    error.message =
        "Request rate limit exceeded. Learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.";
  }
  given.body = error_body(error, request_id);
  return given;
}

HttpResponse refusal(const StripeError& error, const std::string& request_id) {
  HttpResponse response{error.status, {}, error_body(error, request_id)};
  if (error.status == 409) {
    response.headers.push_back({"stripe-should-retry", "true"});
  } else if (error.status != 401) {
    response.headers.push_back({"stripe-should-retry", "false"});
  }
  return response;
}

// The headers of every answer.
HttpResponse dressed(HttpResponse response, const HttpRequest& request,
                     const std::string& request_id, Time now) {
  if (find_header(response.headers, "content-type") == nullptr) {
    response.headers.push_back({"content-type", "application/json"});
  }
  const std::string* version = find_header(request.headers, "stripe-version");
  const std::string* key = find_header(request.headers, "idempotency-key");
  response.headers.push_back({"date", to_http_date(now)});
  response.headers.push_back({"request-id", request_id});
  response.headers.push_back(
      {"stripe-version", version == nullptr ? std::string(stripe_api_version) : *version});
  if (key != nullptr) response.headers.push_back({"idempotency-key", *key});
  return response;
}

Result<StripeCall> read_call(const HttpRequest& request, std::string request_id) {
  const bool post = request.method == "POST";
  Result<Object> parameters = parse_form(post ? request.body : request.query);
  if (!parameters) return fail(parameters);
  StripeCall call;
  call.method = request.method;
  call.path = path_parts(request.path);
  call.parameters = std::move(*parameters);
  call.cause.request_id = std::move(request_id);
  const std::string* key = find_header(request.headers, "idempotency-key");
  if (post && key != nullptr) call.cause.idempotency_key = *key;
  return call;
}

}  // namespace

const StripeApi::Operation* StripeApi::operation_of(const StripeCall& call) {
  using Api = StripeApi;
  using Call = const StripeCall&;
  static const auto operations = std::to_array<Operation>({
      {"POST", "checkout/sessions", takes::checkout_create,
       [](Api& api, Call c) { return api.checkouts_.create(c); }},
      {"GET", "checkout/sessions", takes::checkout_list,
       [](Api& api, Call c) { return api.checkouts_.list(c); }},
      {"GET", "checkout/sessions/*", takes::expand_only,
       [](Api& api, Call c) { return api.checkouts_.retrieve(c); }},
      {"GET", "checkout/sessions/*/line_items", takes::list,
       [](Api& api, Call c) { return api.checkouts_.line_items(c); }},
      {"POST", "checkout/sessions/*/expire", takes::expand_only,
       [](Api& api, Call c) { return api.checkouts_.expire(c); }},
      {"GET", "account", takes::expand_only,
       [](Api& api, Call) -> StripeResult<Object> {
         return Object{{"id", api.account_},
                       {"object", "account"},
                       {"charges_enabled", true},
                       {"country", "US"},
                       {"default_currency", "usd"}};
       }},
      {"GET", "events", takes::events_list, &StripeApi::list_events},
      {"GET", "events/*", takes::expand_only, &StripeApi::retrieve_event},
      {"GET", "payment_intents/*", takes::expand_only, &StripeApi::retrieve_intent},
      {"GET", "charges", takes::payments_list, &StripeApi::list_charges},
      {"GET", "charges/*", takes::expand_only, &StripeApi::retrieve_charge},
      {"POST", "charges/*", takes::charge_update, &StripeApi::update_charge},
      {"GET", "refunds", takes::payments_list, &StripeApi::list_refunds},
      {"POST", "refunds", takes::refund_create, &StripeApi::create_refund},
      {"GET", "refunds/*", takes::expand_only, &StripeApi::retrieve_refund},
      {"GET", "disputes", takes::payments_list, &StripeApi::list_disputes},
      {"GET", "disputes/*", takes::expand_only, &StripeApi::retrieve_dispute},
      {"GET", "prices", takes::list,
       [](Api& api, Call c) {
         return page_of(api.state_.prices, c.parameters, "price", "/v1/prices",
                        [](const Object&) { return true; });
       }},
      {"GET", "prices/*", takes::expand_only, &StripeApi::retrieve_price},
      {"POST", "webhook_endpoints", takes::endpoint_create,
       [](Api& api, Call c) { return api.webhook_endpoints_.create(c); }},
      {"POST", "webhook_endpoints/*", takes::endpoint_update,
       [](Api& api, Call c) { return api.webhook_endpoints_.update(c); }},
      {"GET", "webhook_endpoints", takes::list,
       [](Api& api, Call c) { return api.webhook_endpoints_.list(c); }},
      {"GET", "webhook_endpoints/*", takes::expand_only,
       [](Api& api, Call c) { return api.webhook_endpoints_.retrieve(c); }},
  });
  const auto found = std::ranges::find_if(operations, [&call](const Operation& operation) {
    return operation.method == call.method && path_matches(call.path, operation.path);
  });
  return found == operations.end() ? nullptr : &*found;
}

std::optional<StripeError> StripeApi::check_key(const HttpRequest& request) const {
  const std::string key = key_of(request);
  if (key.empty()) {
    return unauthorized(
        "You did not provide an API key. You need to provide your API key in the Authorization "
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
  }
  const bool test_key = key.starts_with("sk_test_") || key.starts_with("rk_test_");
  if (secret_key_.empty() ? test_key : key == secret_key_) return std::nullopt;
  return unauthorized("Invalid API Key provided: " + shortened_key(key));
}

std::optional<StripeError> StripeApi::check_right(const StripeCall& call,
                                                  const std::string& key) const {
  const auto lacks = restricted_.find(key);
  if (lacks == restricted_.end()) return std::nullopt;
  const std::string right = right_of(call);
  if (std::ranges::find(lacks->second, right) == lacks->second.end()) return std::nullopt;
  StripeError error;
  error.status = 403;
  error.message = fmt::format(
      "The provided key '{}' does not have the required permissions for this endpoint on account "
      "'{}'. Having the '{}' permission would allow this request to continue.",
      shortened_key(key), account_, right);
  return error;
}

boost::asio::awaitable<HttpResponse> StripeApi::answer(HttpRequest request, Fault fault) {
  const std::string request_id = new_id("req_", 14);
  // First: a request without effect must not use up a call or a key.
  if (!fault.execute) {
    co_await clock_.sleep(fault.delay);
    co_return dressed(fault_answer(fault.answer.value_or(HttpResponse{}), request_id), request,
                      request_id, clock_.now());
  }
  if (!call_limit_.take()) {
    HttpResponse answer = fault_answer({.status = 429}, request_id);
    answer.headers.push_back({"stripe-rate-limited-reason", "global-rate"});
    co_return dressed(std::move(answer), request, request_id, clock_.now());
  }
  if (const auto error = check_key(request)) {
    co_return dressed(refusal(*error, request_id), request, request_id, clock_.now());
  }
  Result<StripeCall> call = read_call(request, request_id);
  if (!call) {
    StripeError error;
    error.message = call.error().message;
    co_return dressed(refusal(error, request_id), request, request_id, clock_.now());
  }
  if (const auto error = check_right(*call, key_of(request))) {
    co_return dressed(refusal(*error, request_id), request, request_id, clock_.now());
  }
  const bool keyed = !call->cause.idempotency_key.empty();
  if (keyed) {
    const Idempotency::Found found = idempotency_.begin(*call);
    if (found.error)
      co_return dressed(refusal(*found.error, request_id), request, request_id, clock_.now());
    if (found.replay) co_return dressed(*found.replay, request, request_id, clock_.now());
  }
  // carry_out() takes the call, and end() needs it afterwards.
  const StripeCall same_call = *call;
  Outcome outcome = co_await carry_out(std::move(*call), std::move(fault));
  if (keyed) {
    idempotency_.end(same_call, outcome.keep ? std::optional(outcome.response) : std::nullopt);
  }
  co_return dressed(std::move(outcome.response), request, request_id, clock_.now());
}

boost::asio::awaitable<StripeApi::Outcome> StripeApi::carry_out(StripeCall call, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  Outcome outcome = execute(call);
  if (fault.answer) {
    outcome.response = fault_answer(*fault.answer, call.cause.request_id);
    // Stripe keeps what it answered, also an error after the execution.
    outcome.keep = true;
  }
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return outcome;
}

StripeApi::Outcome StripeApi::execute(const StripeCall& call) {
  const Operation* operation = operation_of(call);
  if (operation == nullptr) {
    std::string path = "/v1";
    for (const std::string& part : call.path) path += "/" + part;
    StripeError error;
    error.status = 404;
    error.message = fmt::format(
        "Unrecognized request URL ({}: {}). Please see "
        "https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        call.method, path);
    return {refusal(error, call.cause.request_id), false};
  }
  if (const auto error = check_parameters(call.parameters, operation->takes)) {
    return {refusal(*error, call.cause.request_id), false};
  }
  StripeResult<Object> object = operation->run(*this, call);
  if (object) object = expanded(std::move(*object), call.parameters, state_);
  if (!object) return {refusal(object.error(), call.cause.request_id), object.error().executed};
  return {{200, {}, pretty(*object)}, true};
}

}  // namespace claimcheck::sandbox
