#include "sandbox/sandbox.hpp"

#include "base/json.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/checkouts.hpp"
#include "sandbox/control.hpp"
#include "sandbox/generator_api.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/media.hpp"
#include "sandbox/pay_page.hpp"
#include "sandbox/shop.hpp"
#include "sandbox/stripe_api.hpp"

#include <fmt/format.h>

#include <charconv>

namespace claimcheck::sandbox {

// All parts, in the order of construction.
struct Sandbox::State {
  State(Clock& real, HttpClient& http, Tasks& tasks, const Options& options)
      : clock(real),
        agenda(clock, tasks),
        faults(options.seed),
        webhooks(http, clock, agenda, tasks, faults,
                 {options.webhook_url, split_secrets(options.webhook_secrets)}),
        events(state, clock, webhooks),
        payments(state, events, clock, agenda, options.pay_later),
        checkouts(state, payments, clock),
        stripe(state, payments, checkouts, events, clock,
               {.secret_key = options.secret_key,
                .account = options.account,
                .keys_kept = options.keys_kept,
                .calls_per_second = options.calls_per_second,
                .webhook_url = options.webhook_url}),
        pay_page(state, payments, webhooks, clock),
        generator(clock, agenda, options.generate),
        generator_api(generator, clock, options.generator_token),
        ledger(state, webhooks, generator),
        shop(state, options.shop_api),
        control({clock, agenda, faults, state, webhooks, events, payments, checkouts, generator,
                 ledger, shop, stripe}) {
    state.offers = options.offers;
    for (const PriceOption& price : options.prices) {
      Object& added = state.prices.add(
          new_price(price.id, price.currency, price.unit_amount, to_unix_s(clock.now())));
      added["nickname"] = price.name;
    }
  }

  MovableClock clock;
  Agenda agenda;
  Faults faults;
  StripeState state;
  Webhooks webhooks;
  Events events;
  Payments payments;
  Checkouts checkouts;
  StripeApi stripe;
  PayPage pay_page;
  Generator generator;
  GeneratorApi generator_api;
  Ledger ledger;
  Shop shop;
  Control control;
};

Result<PriceOption> PriceOption::parse(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) {
    const std::size_t end = text.find(':', at);
    if (end == std::string::npos) return fail(Errc::invalid, "a price is id:currency:amount:name");
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
    const Result<std::size_t> count = state->faults.add(*rules);
    if (!count) return fail(count);
  }
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(state)));
}

Sandbox::Sandbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sandbox::~Sandbox() = default;

void Sandbox::set_url(const std::string& url) {
  state_->state.base_url = url;
  state_->generator.set_base_url(url);
}

boost::asio::awaitable<HttpResponse> Sandbox::answer(HttpRequest request) {
  if (request.path.starts_with("/sandbox/")) co_return state_->control.answer(request);
  if (request.path == "/" || request.path == "/shop") co_return state_->shop.page();
  if (request.path == "/shop/thanks") co_return state_->shop.thanks(request.query);
  // Before the answer: a request must not see a state that is overdue.
  state_->agenda.run_due();
  const Fault fault = state_->faults.draw(request.method + " " + request.path);
  const Time at = state_->clock.now();
  HttpResponse response = co_await route(request, fault);
  // Dropped after the request had its effect, if the fault executes it.
  if (fault.drop) response = {0, {}, ""};
  state_->ledger.record(request, fault, response.status, at);
  co_return response;
}

boost::asio::awaitable<HttpResponse> Sandbox::route(HttpRequest request, Fault fault) {
  const std::string& path = request.path;
  if (path.starts_with("/v1/")) {
    co_return co_await state_->stripe.answer(std::move(request), std::move(fault));
  }
  if (path.starts_with("/api/v1/")) {
    co_return co_await state_->generator_api.answer(std::move(request), std::move(fault));
  }
  if (fault.delay > Duration(0)) co_await state_->clock.sleep(fault.delay);
  if (!fault.execute) co_return fault.answer.value_or(HttpResponse{});
  if (path.starts_with("/c/pay/")) {
    co_return co_await state_->pay_page.answer(std::move(request));
  }
  if (path.starts_with("/r/")) {
    const Result<std::string> begun = state_->checkouts.recover(path);
    if (!begun) co_return HttpResponse{404, {}, begun.error().message + "\n"};
    co_return HttpResponse{303, {{"location", *begun}, {"cache-control", "no-store"}}, ""};
  }
  if (path.starts_with("/media/")) co_return media_answer(request, state_->generator);
  co_return HttpResponse{404, {}, "The sandbox has no such page.\n"};
}

}  // namespace claimcheck::sandbox
