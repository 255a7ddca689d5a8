// claimcheck-sandbox: imitates Stripe, the video generator and a demo shop on one loopback port, so
// that orders can be run without any account. Prints one JSON line when it is ready.
#include "base/log.hpp"
#include "net/http/client.hpp"
#include "net/http/server.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/sandbox.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace claimcheck::sandbox {

namespace {

constexpr std::size_t body_max = 32 * 1024 * 1024;

struct Arguments {
  std::string listen = "127.0.0.1:0";
  std::int64_t generate_ms = 2000;
  std::int64_t pay_later_ms = 2000;
  std::string account = "acct_sandbox";
  std::vector<std::string> prices;
  std::vector<std::string> coupons;
  std::string video;
  Options options;
};

void declare(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  app.add_option("--listen", arguments.listen, "host:port, loopback only; port 0 takes a free one");
  app.add_option("--webhook-url", options.webhook_url, "where events are sent");
  app.add_option("--webhook-secret", options.webhook_secrets,
                 "whsec_…; several with a comma sign with all (default: a random one)");
  app.add_option("--secret-key", options.secret_key, "the Stripe key (default: any test key)");
  app.add_option("--generator-token", options.generator_token, "the generator's token");
  app.add_option("--generate-ms", arguments.generate_ms, "how long a generation takes");
  app.add_option("--account", arguments.account, "the account that its keys are of");
  app.add_option("--pay-later-ms", arguments.pay_later_ms, "how long a bank debit takes");
  app.add_option("--price", arguments.prices, "id:currency:unit_amount:product name")
      ->allow_extra_args(false);
  app.add_option("--coupon", arguments.coupons,
                 "CODE:20% or CODE:500:usd (default: SAVE20:20%, FREE100:100%, TAKE50:50:usd)")
      ->allow_extra_args(false);
  app.add_option("--tax-percent", options.offers.tax_percent,
                 "on top of the price, where automatic tax is on (default: 20)")
      ->check(CLI::Range(0, 100));
  app.add_option("--calls-per-second", options.calls_per_second,
                 "more calls to Stripe are a 429 (default: 0, no limit; Stripe's own is 25)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--shop-api", options.shop_api, "base URL of claimcheck, for the shop page");
  app.add_option("--video", arguments.video, "a file that every video job makes (default: a clip)")
      ->check(CLI::ExistingFile);
  app.add_option("--faults", options.faults, "JSON array of fault rules");
  app.add_option("--seed", options.seed, "of faults that have a probability");
}

Result<Options> read_options(Arguments& arguments) {
  Options options = arguments.options;
  options.generate = std::chrono::milliseconds(arguments.generate_ms);
  options.account = arguments.account;
  options.pay_later = std::chrono::milliseconds(arguments.pay_later_ms);
  if (options.webhook_secrets.empty()) options.webhook_secrets = "whsec_" + random_text(32);
  if (!arguments.prices.empty()) options.prices.clear();
  for (const std::string& text : arguments.prices) {
    Result<PriceOption> price = PriceOption::parse(text);
    if (!price) return fail(price);
    options.prices.push_back(std::move(*price));
  }
  if (!arguments.coupons.empty()) options.offers.coupons.clear();
  for (const std::string& text : arguments.coupons) {
    Result<Coupon> coupon = Coupon::parse(text);
    if (!coupon) return fail(coupon);
    options.offers.coupons.push_back(std::move(*coupon));
  }
  if (!arguments.video.empty()) {
    std::ifstream file(arguments.video, std::ios::binary);
    options.video.assign(std::istreambuf_iterator<char>(file), {});
    if (!file || options.video.empty()) return fail(Errc::invalid, "--video cannot be read");
  }
  return options;
}

// The sandbox pays without money, so it must never be reachable from outside this machine.
bool is_loopback(const std::string& listen) {
  return listen.starts_with("127.") || listen.starts_with("localhost:") ||
         listen.starts_with("[::1]:");
}

int refuse_start(const std::string& why) {
  std::fprintf(stderr, "claimcheck-sandbox: %s\n", why.c_str());
  return 2;
}

int run(const std::string& listen, const Options& options) {
  boost::asio::io_context context;
  RealClock clock;
  CurlClient http(context.get_executor());
  Tasks tasks(context.get_executor());
  Result<std::unique_ptr<Sandbox>> sandbox = Sandbox::make(clock, http, tasks, options);
  if (!sandbox) return refuse_start(sandbox.error().message);

  auto server = HttpServer::listen(context.get_executor(), clock, listen);
  if (!server) return refuse_start(server.error().message);
  const std::string host = listen.substr(0, listen.rfind(':'));
  const std::string url = "http://" + host + ":" + std::to_string((*server)->port());
  Sandbox& world = **sandbox;
  world.set_url(url);
  HttpServerLimits limits;
  limits.body_bytes = [](const HttpRequest&) { return body_max; };
  (*server)->serve(std::move(limits),
                   [&world](HttpRequest request) { return world.answer(std::move(request)); });

  boost::asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&context](auto, int) { context.stop(); });
  const std::string ready =
      compact(Object{{"url", url}, {"webhook_secret", options.webhook_secrets}});
  std::printf("%s\n", ready.c_str());
  std::fflush(stdout);
  context.run();
  return 0;
}

}  // namespace

}  // namespace claimcheck::sandbox

int main(int argc, char** argv) {
  using namespace claimcheck;
  CLI::App app("Plays Stripe, the video generator and a demo shop for claimcheck.",
               "claimcheck-sandbox");
  sandbox::Arguments arguments;
  sandbox::declare(app, arguments);
  CLI11_PARSE(app, argc, argv);
  set_log_level(LogLevel::warn);
  if (!sandbox::is_loopback(arguments.listen)) {
    return sandbox::refuse_start("--listen must be a loopback address, such as 127.0.0.1:4242");
  }
  const Result<sandbox::Options> options = sandbox::read_options(arguments);
  if (!options) return sandbox::refuse_start(options.error().message);
  return sandbox::run(arguments.listen, *options);
}
