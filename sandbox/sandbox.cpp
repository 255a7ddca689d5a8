#include "sandbox/sandbox.hpp"

#include "base/json.hpp"
#include "sandbox/account.hpp"
#include "sandbox/media.hpp"
#include "sandbox/screening.hpp"
#include "sandbox/turnstile.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace claimcheck::sandbox {

struct Sandbox::State {
  State(Clock& real, HttpClient& http, Tasks& tasks, const Options& given)
      : options(given), shared(real, http, tasks, given), own(shared, given, "") {}

  // The connected account of that id.
  Account& connected(const std::string& id);
  // The account with that Checkout Session; the own one when none has it.
  Account& with_session(const std::string& id);

  Options options;
  Shared shared;
  Account own;
  Turnstile turnstile = {};
  std::map<std::string, std::unique_ptr<Account>> others = {};  // by id
};

Account& Sandbox::State::connected(const std::string& id) {
  std::unique_ptr<Account>& account = others[id];
  if (!account) account = std::make_unique<Account>(shared, options, id);
  account->state.base_url = own.state.base_url;
  return *account;
}

Account& Sandbox::State::with_session(const std::string& id) {
  for (const auto& [name, account] : others) {
    if (account->state.sessions.find(id) != nullptr) return *account;
  }
  return own;
}

namespace {

HttpResponse see_other(const std::string& url) {
  return {303, {{"location", url}, {"cache-control", "no-store"}}, ""};
}

// As Stripe answers a key that may not act for the account.
HttpResponse no_access(const std::string& account) {
  StripeError error;
  error.status = 403;
  error.code = "account_invalid";
  error.message = fmt::format(
      "The provided key does not have access to account '{}' (or that account does not exist).",
      account);
  return {403, {{"content-type", "application/json"}}, error_body(error, "req_no_account")};
}

}  // namespace

Result<PriceOption> PriceOption::parse(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) {
    const std::size_t end = text.find(':', at);
    if (end == std::string::npos) {
      return fail(Errc::invalid, "a price is id:currency:amount:name, not " + text);
    }
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  PriceOption price{parts[0], parts[1], 0, text.substr(at)};
  const char* end = parts[2].data() + parts[2].size();
  const auto [stopped, failed] = std::from_chars(parts[2].data(), end, price.unit_amount);
  if (failed != std::errc() || stopped != end || price.unit_amount < 0 || price.id.empty() ||
      price.currency.size() != 3) {
    return fail(Errc::invalid, "a price is id:currency:amount:name, not " + text);
  }
  return price;
}

Result<std::unique_ptr<Sandbox>> Sandbox::make(Clock& clock, HttpClient& http, Tasks& tasks,
                                               const Options& options) {
  auto state = std::make_unique<State>(clock, http, tasks, options);
  if (!options.faults.empty()) {
    const Result<Value> rules = json::parse(options.faults);
    if (!rules) return fail(rules);
    const Result<std::size_t> count = state->shared.faults.add(*rules);
    if (!count) return fail(count);
  }
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(state)));
}

Sandbox::Sandbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sandbox::~Sandbox() = default;

void Sandbox::set_url(const std::string& url) {
  state_->own.state.base_url = url;
  state_->shared.generator.set_base_url(url);
  state_->shared.jobs.set_base_url(url);
}

boost::asio::awaitable<HttpResponse> Sandbox::answer(HttpRequest request) {
  if (request.path.starts_with("/sandbox/")) {
    const std::string account = form_value(request.query, "account").value_or("");
    Account& acting = account.empty() ? state_->own : state_->connected(account);
    co_return acting.control.answer(request);
  }
  if (request.path == "/" || request.path == "/shop") co_return state_->own.shop.page();
  if (request.path == "/shop/thanks") co_return state_->own.shop.thanks(request.query);
  // Before the answer: a request must not see a state that is overdue.
  state_->shared.agenda.run_due();
  const Fault fault = state_->shared.faults.draw(request.method + " " + request.path);
  const Time at = state_->shared.clock.now();
  HttpResponse response = co_await route(request, fault);
  // Dropped after the request had its effect, if the fault executes it.
  if (fault.drop) response = {0, {}, ""};
  state_->own.ledger.record(request, fault, response.status, at);
  co_return response;
}

boost::asio::awaitable<HttpResponse> Sandbox::route(HttpRequest request, Fault fault) {
  const std::string path = request.path;
  if (path.starts_with("/v1/")) co_return co_await ask_stripe(std::move(request), std::move(fault));
  if (path.starts_with("/api/v1/")) {
    co_return co_await state_->shared.generator_api.answer(std::move(request), std::move(fault));
  }
  if (path.starts_with(openrouter_prefix)) {
    co_return co_await state_->shared.openrouter.answer(std::move(request), std::move(fault));
  }
  if (path.starts_with(replicate_prefix)) {
    co_return co_await state_->shared.replicate.answer(std::move(request), std::move(fault));
  }
  if (path.starts_with(gpu_prefix)) {
    co_return co_await state_->shared.gpu.answer(std::move(request), std::move(fault));
  }
  if (path.starts_with(fal_prefix)) {
    co_return co_await state_->shared.fal.answer(std::move(request), std::move(fault));
  }
  if (fault.delay > Duration(0)) co_await state_->shared.clock.sleep(fault.delay);
  if (!fault.execute) co_return fault.answer.value_or(HttpResponse{});
  if (path == turnstile_path) co_return state_->turnstile.answer(request);
  if (path == screening_path) co_return screening_answer(request);
  constexpr std::string_view pay_prefix = "/c/pay/";
  if (path.starts_with(pay_prefix)) {
    Account& account = state_->with_session(path.substr(pay_prefix.size()));
    co_return co_await account.pay_page.answer(std::move(request));
  }
  if (path.starts_with("/r/")) co_return recover(path);
  if (path.starts_with("/media/jobs/")) co_return state_->shared.jobs.media_answer(request);
  if (path.starts_with("/media/")) {
    co_return media_answer(request, state_->shared.generator,
                           state_->shared.jobs.media_bytes(JobKind::video));
  }
  co_return HttpResponse{404, {}, "The sandbox has no such page.\n"};
}

boost::asio::awaitable<HttpResponse> Sandbox::ask_stripe(HttpRequest request, Fault fault) {
  const std::string* header = find_header(request.headers, "stripe-account");
  const std::string account = header == nullptr ? "" : *header;
  if (account.empty() || account == state_->options.account) {
    co_return co_await state_->own.stripe.answer(std::move(request), std::move(fault));
  }
  if (!account.starts_with("acct_")) co_return no_access(account);
  Account& connected = state_->connected(account);
  co_return co_await connected.stripe.answer(std::move(request), std::move(fault));
}

HttpResponse Sandbox::recover(const std::string& path) {
  Result<std::string> begun = state_->own.checkouts.recover(path);
  for (const auto& [name, account] : state_->others) {
    if (!begun) begun = account->checkouts.recover(path);
  }
  if (!begun) return {404, {}, begun.error().message + "\n"};
  return see_other(*begun);
}

}  // namespace claimcheck::sandbox
