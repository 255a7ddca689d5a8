#include "cli/setup_checks.hpp"

#include "domain/money.hpp"
#include "generator/account.hpp"
#include "net/http/client.hpp"
#include "stripe/setup.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace claimcheck {

namespace {

using Findings = std::vector<Finding>;

// Nobody answered: nothing is known about the key, so the network is named first.
bool unreached(const Error& error) {
  return error.code == Errc::not_sent || error.code == Errc::ambiguous;
}

Finding no_stripe(const Config& config, const Error& error) {
  if (unreached(error)) {
    return {Grade::unreached, "stripe",
            fmt::format("{} cannot be reached: {}: check the network, then STRIPE_API_URL",
                        config.stripe.url, error.message)};
  }
  if (error.code == Errc::forbidden && !config.stripe.account.empty()) {
    return {Grade::refused, "stripe",
            fmt::format("{}: check STRIPE_ACCOUNT, {}: it must be connected to the account of "
                        "STRIPE_SECRET_KEY, and the key needs Checkout Sessions: Write",
                        error.message, config.stripe.account)};
  }
  if (error.code == Errc::forbidden) {
    return {Grade::refused, "stripe",
            error.message + ": give the key the right Checkout Sessions: Write"};
  }
  return {Grade::refused, "stripe", "refuses STRIPE_SECRET_KEY: " + error.message};
}

Findings check_clock(Duration skew, std::optional<Duration> redis_ahead) {
  Findings findings;
  // The limit at which the server itself raises an alarm.
  const bool good = std::chrono::abs(skew) <= stripe::Client::clock_skew_max;
  const std::string text = fmt::format("our clock is {} s from Stripe's", skew.count() / 1'000'000);
  findings.push_back({good ? Grade::good : Grade::refused, "clock",
                      good ? text : text + ": webhooks will be refused; set it by NTP"});
  // Three clocks can show which one is wrong; two can only show that one of them is.
  if (redis_ahead) {
    const std::optional<std::string> wrong = wrong_clocks(*redis_ahead, skew);
    if (wrong) findings.push_back({Grade::doubtful, "clocks", *wrong});
  }
  return findings;
}

// A price that buyers cannot pay; empty = they can.
std::string wrong_price(const stripe::PriceFacts& price, std::optional<bool> live) {
  if (!price.active) return "is not active: activate it at Stripe, or take another one";
  if (price.recurring) return "is of a subscription: take a one-time price";
  if (live && price.livemode && *live != *price.livemode) {
    return fmt::format("is of {} mode, and the key of {} mode", *price.livemode ? "live" : "test",
                       *live ? "live" : "test");
  }
  return {};
}

Finding price_finding(const std::string& id, const Result<stripe::PriceFacts>& price,
                      std::optional<bool> live) {
  if (!price && price.error().code == Errc::not_found) {
    return {Grade::refused, "price",
            id + " does not exist at Stripe in the mode of the key: correct STRIPE_PRICE_IDS"};
  }
  if (!price && price.error().code == Errc::forbidden) {
    return {Grade::doubtful, "price", id + " may not be read: tick Prices: Read for the key"};
  }
  if (!price) {
    return {unreached(price.error()) ? Grade::unreached : Grade::refused, "price",
            fmt::format("{}: {}", id, price.error().message)};
  }
  const std::string wrong = wrong_price(*price, live);
  if (!wrong.empty()) return {Grade::refused, "price", fmt::format("{} {}", id, wrong)};
  return {Grade::good, "price",
          fmt::format("{} costs {}", id, short_money_text({price->unit_amount, price->currency}))};
}

boost::asio::awaitable<Finding> check_rights(stripe::Setup& setup) {
  std::vector<std::string_view> missing;
  for (const stripe::Right& right : stripe::needed_rights()) {
    const Result<bool> has = co_await setup.has(right);
    if (!has) {
      co_return Finding{unreached(has.error()) ? Grade::unreached : Grade::doubtful, "rights",
                        fmt::format("{}: {}", right.name, has.error().message)};
    }
    // Two probes are of one box.
    const bool named = std::ranges::find(missing, right.name) != missing.end();
    if (!*has && !named) missing.push_back(right.name);
  }
  if (missing.empty()) co_return Finding{Grade::good, "rights", "the key has all that it needs"};
  co_return Finding{
      Grade::refused, "rights",
      fmt::format("the key lacks rights: in Stripe's Dashboard, Developers, API keys, edit the "
                  "restricted key and tick {}",
                  fmt::join(missing, ", "))};
}

Finding endpoint_finding(const std::string& url,
                         const std::vector<stripe::WebhookEndpoint>& endpoints, bool live) {
  const auto here = std::ranges::find(endpoints, url, &stripe::WebhookEndpoint::url);
  if (here == endpoints.end()) {
    // In test mode a developer's own forwarding may take its place.
    return {
        live ? Grade::refused : Grade::doubtful, "webhook",
        fmt::format("Stripe has no webhook endpoint {}: claimcheck stripe setup makes it", url)};
  }
  const std::vector<std::string> lacks = stripe::lacks_of(*here);
  const std::string version = stripe::other_version_of(*here);
  if (lacks.empty() && !version.empty()) {
    return {Grade::doubtful, "webhook",
            fmt::format("{}: its API version is {}, and claimcheck was written for {}", here->id,
                        version, stripe::api_version)};
  }
  if (lacks.empty() && !stripe::sends_declines(*here)) {
    return {Grade::doubtful, "webhook",
            fmt::format("{}: it does not send {}, so declined cards do not pause the checkout: add "
                        "it in Stripe's Dashboard, Developers, Webhooks",
                        here->id, stripe::decline_event)};
  }
  if (lacks.empty()) return {Grade::good, "webhook", url};
  return {Grade::refused, "webhook",
          fmt::format("{}: {}: edit it in Stripe's Dashboard, Developers, Webhooks", here->id,
                      fmt::join(lacks, "; "))};
}

boost::asio::awaitable<Finding> check_endpoint(const Config& config, stripe::Setup& setup,
                                               bool live) {
  const std::string url = webhook_url(config);
  if (url.empty()) {
    co_return Finding{Grade::doubtful, "webhook",
                      "not checked: CLAIMCHECK_PUBLIC_URL is not set, so the address is not known"};
  }
  const auto endpoints = co_await setup.endpoints();
  if (endpoints) co_return endpoint_finding(url, *endpoints, live);
  const Error& error = endpoints.error();
  if (error.code == Errc::forbidden) {
    co_return Finding{Grade::doubtful, "webhook",
                      "may not be read: tick Webhook Endpoints: Read for the key, or look at it in "
                      "Stripe's Dashboard"};
  }
  co_return Finding{unreached(error) ? Grade::unreached : Grade::doubtful, "webhook",
                    error.message};
}

Finding balance_finding(const Config& config, const Result<std::optional<double>>& balance) {
  if (!balance) {
    const Error& error = balance.error();
    if (unreached(error)) {
      return {Grade::unreached, "generator",
              fmt::format("{} cannot be reached: {}: check the network, then SUPERDUPERAI_URL",
                          config.superduperai.url, error.message)};
    }
    const bool token = error.code == Errc::forbidden;
    return {token ? Grade::refused : Grade::unreached, "generator",
            error.message + (token ? ": check SUPERDUPERAI_TOKEN" : ": check SUPERDUPERAI_URL")};
  }
  if (!*balance) return {Grade::good, "generator", "takes the token"};
  if (**balance <= 0) {
    return {Grade::refused, "generator", "takes the token, and its account has no credits left"};
  }
  return {Grade::good, "generator", fmt::format("takes the token; {:g} credits left", **balance)};
}

Finding model_finding(const std::string& name,
                      const Result<std::vector<superduperai::Model>>& all) {
  if (!all) return {Grade::unreached, "model", all.error().message};
  const auto found = std::ranges::find(*all, name, &superduperai::Model::name);
  if (found == all->end()) {
    return {Grade::refused, "model",
            fmt::format("the generator has no {}: correct SUPERDUPERAI_MODEL", name)};
  }
  // It would take the order, and fail it later.
  if (!found->type.empty() && found->type != "text_to_video") {
    return {Grade::refused, "model",
            fmt::format("{} is {}: take one of text_to_video", name, found->type)};
  }
  return {Grade::good, "model", name};
}

// The choices of all tools, each once.
std::vector<GeneratorChoice> choices_of(const Config& config) {
  std::vector<GeneratorChoice> choices;
  for (const Tool& tool : config.catalog.tools) {
    for (const GeneratorChoice& choice : config.catalog.generators_of(tool)) {
      if (std::ranges::find(choices, choice) == choices.end()) choices.push_back(choice);
    }
  }
  return choices;
}

// A further generator: what it says of the key and of one model there.
Finding choice_finding(const GeneratorChoice& choice, const Result<std::optional<bool>>& known) {
  const std::string name = "generator " + choice.generator;
  if (!known && known.error().code == Errc::forbidden) {
    return {Grade::refused, name, known.error().message + ": check its key"};
  }
  if (!known) return {Grade::unreached, name, known.error().message + ": check its url"};
  if (!*known) return {Grade::good, name, "does not say whether it has " + choice.model};
  if (**known) return {Grade::good, name, "has " + choice.model};
  return {Grade::refused, name,
          fmt::format("has no {}: correct the tools that name it", choice.model)};
}

}  // namespace

std::string webhook_url(const Config& config) {
  return config.public_url.empty() ? "" : config.public_url + "/api/webhooks/stripe";
}

boost::asio::awaitable<std::vector<Finding>> check_stripe(const Config& config, Clock& clock,
                                                          std::optional<Duration> redis_ahead) {
  Findings findings;
  // Redis can be checked before a key exists.
  if (config.stripe.key.empty()) co_return findings;
  Metrics metrics;
  CurlClient http(co_await boost::asio::this_coro::executor);
  // Without pacing: few calls, which must work also when Redis does not.
  stripe::Client client(http, clock, metrics, config.stripe);
  const Result<Duration> skew = co_await client.clock_skew();
  if (!skew) {
    findings.push_back(no_stripe(config, skew.error()));
    // With an unknown key each further answer would be the same.
    if (skew.error().code != Errc::forbidden) co_return findings;
  } else {
    const std::string& account = config.stripe.account;
    findings.push_back({Grade::good, "stripe",
                        account.empty() ? "answers, and takes the key"
                                        : "answers, and takes the key for " + account});
    std::ranges::move(check_clock(*skew, redis_ahead), std::back_inserter(findings));
  }
  stripe::Setup setup(http, config.stripe);
  for (const Price& price : config.catalog.prices) {
    const Result<stripe::PriceFacts> facts = co_await setup.price(price.id);
    findings.push_back(price_finding(price.id, facts, client.livemode()));
  }
  findings.push_back(co_await check_rights(setup));
  findings.push_back(co_await check_endpoint(config, setup, client.livemode().value_or(false)));
  co_return findings;
}

boost::asio::awaitable<std::vector<Finding>> check_generator(const Config& config,
                                                             const Clock& clock) {
  Findings findings;
  CurlClient http(co_await boost::asio::this_coro::executor);
  Metrics metrics;
  const Generators generators(http, metrics, clock, all_generators(config));
  if (generators.find(built_in_generator) != nullptr) {
    const ProviderCalls calls(http, metrics, config.superduperai, bearer(config.superduperai.key));
    const auto balance = co_await superduperai::read_balance(calls);
    findings.push_back(balance_finding(config, balance));
    if (balance) {
      const auto models = co_await superduperai::read_models(calls);
      for (const GeneratorChoice& choice : choices_of(config)) {
        if (choice.generator != built_in_generator) continue;
        findings.push_back(model_finding(choice.model, models));
      }
    }
  }
  for (const GeneratorChoice& choice : choices_of(config)) {
    Generator* generator = generators.find(choice.generator);
    if (choice.generator == built_in_generator || generator == nullptr) continue;
    findings.push_back(choice_finding(choice, co_await generator->has_model(choice.model)));
  }
  co_return findings;
}

}  // namespace claimcheck
