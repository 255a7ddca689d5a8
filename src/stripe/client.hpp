// Stripe: the few API calls that claimcheck makes. Every request carries the pinned API version;
// every POST an Idempotency-Key that the caller derives from the order, so a repeated call is the
// same operation. Retries as the official SDKs do, and what a buyer waits for also after a 429.
// Each call waits for its turn (stripe/pacing.hpp). Answers are read tolerantly: unknown members
// and values are passed over. Tells when our clock leaves Stripe's. Clock and HTTP are borrowed.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/secret.hpp"
#include "domain/claim.hpp"
#include "domain/dispute.hpp"
#include "net/http/http.hpp"
#include "stripe/event.hpp"
#include "stripe/pacing.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace claimcheck::stripe {

inline constexpr std::string_view api_version = "2026-10-28.endive";

struct Options {
  std::string url = "https://api.stripe.com";
  Secret key;
  Duration timeout = std::chrono::seconds(20);  // of one try
  std::optional<std::uint64_t> jitter_seed;     // of the pauses between tries; nothing = random
  Pacing pacing = {};                           // nothing = calls do not wait
};

using Form = std::vector<std::pair<std::string, std::string>>;
std::string encode(const Form& form);

struct CheckoutParams {
  std::string price;
  std::int64_t quantity = 1;
  std::string success_url;  // may hold {CHECKOUT_SESSION_ID}
  std::string cancel_url;
  std::string customer_email;  // empty = none
  std::int64_t video_count = 1;
  std::string tool;

  // The body as it is sent; its bytes are part of the idempotency key.
  std::string form() const;
};

struct CheckoutSession {
  std::string id;
  std::string url;             // only while open
  std::string status;          // open | complete | expired
  std::string payment_status;  // paid | unpaid | no_payment_required
  std::int64_t amount_total = 0;
  std::string currency;
  bool livemode = false;
  std::int64_t created = 0;           // unix seconds
  std::int64_t expires_at = 0;        // unix seconds
  std::string tool;                   // metadata.tool
  std::int64_t video_count = 0;       // metadata.video_count, how many units were sold
  std::string price;                  // of the first line item, when expanded
  std::int64_t quantity = 0;          // likewise
  std::string buyer_email;            // as the buyer gave it, empty until the form is complete
  std::string payment_intent;         // id, empty until the buyer starts paying
  std::string payment_intent_status;  // when expanded
  std::string charge;                 // when expanded
  std::int64_t amount_refunded = 0;   // when expanded
  bool disputed = false;              // when expanded
  std::vector<Outcome> registered;    // per unit, when expanded: the register's metadata
  bool replayed = false;              // Stripe answered from its idempotency store
};

// A refund of a payment. `tag` = the unit it is for, as we wrote it; empty when others made it.
struct Refund {
  std::string id;
  std::string status;  // pending | requires_action | succeeded | failed | canceled
  std::int64_t amount_minor = 0;
  std::string tag;
};

struct RefundParams {
  std::string payment_intent;
  std::int64_t amount_minor = 0;  // > 0: without an amount Stripe sends everything back
  std::string tag;
};

// Of a list: elements that one call gives.
inline constexpr std::size_t page_elements = 100;
// One answer of a list at Stripe. Whoever reads a long list goes page by page, so what he holds
// does not grow with the number of orders.
template <typename Element>
struct Page {
  std::vector<Element> elements;
  std::string next = {};  // asks for the page behind this one; empty = it was the last
};

enum class Expand { payment, payment_and_line_items };

class Client {
 public:
  Client(HttpClient& http, Clock& clock, Metrics& metrics, Options options);

  // Errors: invalid (Stripe refuses the parameters), not_found, limited (429, or no turn in time),
  // unavailable (401 and the like), forbidden (403: the key lacks a right), not_sent, ambiguous
  // (5xx; also an answer about another object: stripe/asked.hpp). Messages name Stripe's error code
  // and request id only.
  boost::asio::awaitable<Result<CheckoutSession>> create_checkout(CheckoutParams params,
                                                                  std::string idempotency_key);
  boost::asio::awaitable<Result<CheckoutSession>> retrieve_checkout(
      std::string id, Expand expand, Priority priority = Priority::payment);
  boost::asio::awaitable<Result<CheckoutSession>> expire_checkout(std::string id,
                                                                  std::string idempotency_key);

  // A page of those that were created in that time, whole seconds, with their payments. `after`:
  // the `next` of the page before; empty = the first.
  boost::asio::awaitable<Result<Page<CheckoutSession>>> checkouts_between(Time since, Time until,
                                                                          std::string after);

  // The mode of the key: true = live; nothing = the key does not tell.
  std::optional<bool> livemode() const { return mode_; }
  // The id of the account that the key is of; unavailable when the key may not tell.
  boost::asio::awaitable<Result<std::string>> account();
  // How far our clock is from Stripe's, which the signatures of webhooks are judged by; one read.
  boost::asio::awaitable<Result<Duration>> clock_skew();
  // Does our clock agree with Stripe's, as its last answers had it? True before the first one.
  bool clocks_agree() const { return !clock_wrong_; }
  // Signatures are refused at five minutes; beyond this one it is time to do something.
  static constexpr Duration clock_skew_max = std::chrono::seconds(60);

  // A page of what happened to payments in that time, whole seconds, delivered to us or not, newest
  // first; Stripe keeps 30 days. `after` as above.
  boost::asio::awaitable<Result<Page<Event>>> events_between(Time since, Time until,
                                                             std::string after);

  // The id of the Checkout Session of a payment; not_found when it has none.
  boost::asio::awaitable<Result<std::string>> session_of(std::string payment_intent);

  // Writes how a unit ends into the charge's metadata, and returns what stands there after it.
  // Errors as above, and conflict: the same key came before with the other outcome; stuck.
  boost::asio::awaitable<Result<Outcome>> register_outcome(std::string charge, std::size_t unit,
                                                           Outcome outcome,
                                                           std::string idempotency_key);
  // All of them, ours and others'.
  boost::asio::awaitable<Result<std::vector<Refund>>> list_refunds(std::string payment_intent);
  // All of them, newest first. Errors as above.
  boost::asio::awaitable<Result<std::vector<Dispute>>> list_disputes(std::string payment_intent);
  // Errors as above; invalid also when there is less left than asked for, or a dispute; stuck.
  boost::asio::awaitable<Result<Refund>> refund(RefundParams params, std::string idempotency_key);

 private:
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call, Priority priority);
  // One try; limited when it has no turn. What it waits for that is taken off `patience`.
  boost::asio::awaitable<Result<HttpResponse>> try_once(HttpCall call, Priority priority,
                                                        Duration& patience);
  boost::asio::awaitable<void> pause(std::string_view reason, int retries, Duration length);
  double jitter();
  // Any answer, refusals as well.
  boost::asio::awaitable<Result<HttpResponse>> send_post(std::string path, std::string form,
                                                         std::string idempotency_key,
                                                         Priority priority);
  boost::asio::awaitable<Result<HttpResponse>> post(std::string path, std::string form,
                                                    std::string idempotency_key, Priority priority);
  boost::asio::awaitable<Result<boost::json::value>> get(std::string path, Priority priority);
  // One page of a list; `path` has its filters.
  boost::asio::awaitable<Result<Page<boost::json::value>>> page(std::string path, std::string after,
                                                                Priority priority);
  // All elements of a list that is short, since it is of one payment. unavailable: it is not.
  boost::asio::awaitable<Result<std::vector<boost::json::value>>> list(std::string path,
                                                                       Priority priority);
  HttpCall call(std::string method, const std::string& path) const;
  // Says once when our clock leaves Stripe's, and once when it is back.
  void compare_clocks(const HttpResponse& answer);

  HttpClient& http_;
  Clock& clock_;
  Metrics& metrics_;
  Options options_;
  std::optional<bool> mode_;  // of the key: true = live
  std::minstd_rand random_;
  bool clock_wrong_ = false;
};

// The readings of single answers, exposed for tests.
Error error_of(const HttpResponse& answer);
// Stripe stores the answer to an Idempotency-Key, failures as well, and gives it again.
bool is_replay(const HttpResponse& answer);
CheckoutSession read_checkout(const boost::json::value& body);
Result<CheckoutSession> read_checkout(const HttpResponse& answer);

}  // namespace claimcheck::stripe
