#include "cli/stripe_setup.hpp"

#include "base/tasks.hpp"
#include "base/text.hpp"
#include "cli/setup_checks.hpp"
#include "net/http/client.hpp"
#include "stripe/setup.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace claimcheck {

namespace {

ExitCode refused(const Config& config, const Error& error) {
  const bool away = error.code == Errc::not_sent || error.code == Errc::ambiguous;
  if (away) {
    std::cerr << fmt::format(
        "claimcheck: Stripe at {} does not answer: {}: check the network, "
        "then look in the Dashboard whether the endpoint was made\n",
        config.stripe.url, printable(error.message));
    return ExitCode::away;
  }
  const char* const advice =
      error.code == Errc::forbidden
          ? "tick Webhook Endpoints: Write for the key, or make the endpoint in the Dashboard"
          : "check STRIPE_SECRET_KEY and CLAIMCHECK_PUBLIC_URL";
  std::cerr << fmt::format("claimcheck: {}: {}\n", printable(error.message), advice);
  return ExitCode::failed;
}

// There is one for this address: a second one would send every event twice.
ExitCode tell_of(const stripe::WebhookEndpoint& endpoint) {
  std::cout << fmt::format("Stripe has this webhook endpoint already: {} at {}\n",
                           printable(endpoint.id), printable(endpoint.url));
  std::vector<std::string> lacks = stripe::lacks_of(endpoint);
  const std::string version = stripe::other_version_of(endpoint);
  const bool fits = lacks.empty();
  if (!version.empty()) {
    lacks.push_back(fmt::format("its API version is {}, and claimcheck was written for {}", version,
                                stripe::api_version));
  }
  if (!stripe::sends_declines(endpoint)) {
    lacks.push_back(fmt::format("it does not send {}, so declined cards do not pause the checkout",
                                stripe::decline_event));
  }
  for (const std::string& lack : lacks) std::cout << "  " << printable(lack) << '\n';
  if (lacks.empty()) std::cout << "It lacks nothing.\n";
  std::cout << "Its signing secret is in Stripe's Dashboard, Developers, Webhooks.\n";
  return fits ? ExitCode::ok : ExitCode::failed;
}

boost::asio::awaitable<ExitCode> set_up(const Config& config, HttpClient& http) {
  const std::string url = webhook_url(config);
  stripe::Setup setup(http, config.stripe);
  const auto endpoints = co_await setup.endpoints();
  if (!endpoints) co_return refused(config, endpoints.error());
  const auto here = std::ranges::find(*endpoints, url, &stripe::WebhookEndpoint::url);
  if (here != endpoints->end()) co_return tell_of(*here);
  const auto made = co_await setup.create_endpoint(url);
  if (!made) co_return refused(config, made.error());
  // The secret alone on standard output's last line, in the form of the setting, so that it can be
  // appended to a file.
  std::cerr << fmt::format(
      "claimcheck: made {} at {}, with {} events. Its secret is not shown "
      "again:\n",
      printable(made->id), url, stripe::needed_events.size() + 1);
  std::cout << fmt::format("STRIPE_WEBHOOK_SECRET={}\n", made->secret);
  co_return ExitCode::ok;
}

}  // namespace

ExitCode run_stripe_setup(const Config& config) {
  // Buyers and Stripe reach the server by it; the default is an address of this machine.
  const char* const missing = config.stripe.key.empty()   ? "STRIPE_SECRET_KEY"
                              : config.public_url.empty() ? "CLAIMCHECK_PUBLIC_URL"
                                                          : nullptr;
  if (missing != nullptr) {
    std::cerr << fmt::format("claimcheck: {}: not set\n", missing);
    return ExitCode::usage;
  }
  boost::asio::io_context io{1};
  CurlClient http(io.get_executor());
  ExitCode code = ExitCode::failed;
  Tasks tasks(io.get_executor());
  const auto to_its_end = [](const Config& settings, HttpClient& client,
                             ExitCode& ended) -> boost::asio::awaitable<void> {
    ended = co_await set_up(settings, client);
  };
  tasks.start(to_its_end(config, http, code));
  io.run();
  return code;
}

}  // namespace claimcheck
