// Sandbox: all peers of claimcheck behind one address: Stripe (/v1, /c/pay), the generators
// (/api/v1, /fal, /media), the demo shop (/shop), and the control routes (/sandbox). All state is
// in memory. It only needs a caller that gives it requests, so it works as a process of its own
// (main.cpp) and inside a test. Runs on one executor.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/tasks.hpp"
#include "net/http/http.hpp"
#include "sandbox/coupons.hpp"
#include "sandbox/faults.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace claimcheck::sandbox {

struct PriceOption {
  std::string id;
  std::string currency;
  std::int64_t unit_amount = 0;
  std::string name;
  // "id:currency:unit_amount:product name"
  static Result<PriceOption> parse(const std::string& text);
};

struct Options {
  std::string webhook_url;
  std::string webhook_secrets;  // several are separated by commas
  std::string secret_key;       // empty = any test key
  std::string generator_token;  // empty = any of the right shape
  Duration generate = std::chrono::seconds(2);
  Duration pay_later = std::chrono::seconds(2);
  std::string account = "acct_sandbox";  // whose keys it takes
  std::int64_t calls_per_second = 0;     // more are a 429; 0 = no limit
  std::vector<PriceOption> prices = {{"price_single", "usd", 100, "One video"},
                                     {"price_triple", "usd", 200, "Three videos"}};
  Offers offers = {};                           // coupons, shipping, tax
  Duration keys_kept = std::chrono::hours(24);  // how long Stripe remembers idempotency keys
  std::string shop_api;
  std::string video;   // the bytes of what video jobs make; empty = a small clip of its own
  std::string faults;  // JSON array of rules
  std::uint64_t seed = 1;
};

class Sandbox {
 public:
  // `http` sends the webhooks. Errors: invalid, when the faults cannot be read.
  static Result<std::unique_ptr<Sandbox>> make(Clock& clock, HttpClient& http, Tasks& tasks,
                                               const Options& options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Its own address, used in the URLs of its answers. Set it before the first request.
  void set_url(const std::string& url);
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request);

 private:
  struct State;
  boost::asio::awaitable<HttpResponse> ask_stripe(HttpRequest request, Fault fault);
  HttpResponse recover(const std::string& path);
  explicit Sandbox(std::unique_ptr<State> state);
  boost::asio::awaitable<HttpResponse> route(HttpRequest request, Fault fault);
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck::sandbox
