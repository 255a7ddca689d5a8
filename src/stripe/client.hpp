// Stripe: the few API calls that claimcheck makes. Every request has the pinned API version. Every
// POST has an Idempotency-Key that the caller derives from the order, so a repeated call is the
// same operation. Failed requests are repeated as the official SDKs do it, and calls for a waiting
// buyer also after a 429. Each call waits for its turn (stripe/pacing.hpp). Unknown members and
// values of an answer are ignored. It logs when our clock differs from Stripe's. Clock and HTTP are
// borrowed.
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
  std::string account;  // of a connected account: all calls are made on its behalf; empty = our own
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
  std::string reference;                                      // the shop's own; empty = none
  std::vector<std::pair<std::string, std::string>> metadata;  // the shop's own
  std::string locale;           // of the payment page; empty = Stripe takes the browser's
  std::int64_t expires_at = 0;  // unix seconds; 0 = Stripe's default
  Form options;                 // what the shop has configured beyond these

  // The body as it is sent; its bytes are part of the idempotency key.
  std::string form() const;
};

struct CheckoutSession {
  std::string id;
  std::string url;                   // only while open
  std::string recovery_url;          // of an expired one that may be recovered: begins a new one
  bool wants_offers = false;         // the buyer has agreed to be written to about offers
  std::string recovered_from;        // the expired one that this one continues; empty = none
  std::string status;                // open | complete | expired
  std::string payment_status;        // paid | unpaid | no_payment_required
  std::int64_t amount_subtotal = 0;  // before discount, tax and shipping
  std::int64_t amount_total = 0;     // after them
  std::string currency;
  bool livemode = false;
  std::int64_t created = 0;      // unix seconds
  std::int64_t expires_at = 0;   // unix seconds
  std::string tool;              // metadata.tool
  std::int64_t video_count = 0;  // metadata.video_count, how many units were sold
  std::string price;             // of the first line item, when expanded
  std::int64_t quantity = 0;     // likewise
  std::string reference;         // client_reference_id: the shop's own name of the order
  std::vector<std::pair<std::string, std::string>> metadata;  // without the members of ours
  std::string buyer_email;            // as the buyer gave it, empty until the form is complete
  std::string payment_intent;         // id, empty until the buyer starts paying
  std::string payment_intent_status;  // when expanded
  std::string charge;                 // when expanded
  std::int64_t amount_charged = 0;    // when expanded
  std::string charge_currency;        // when expanded; with Adaptive Pricing still the shop's own
  std::string receipt_url;            // of the charge, when expanded; empty = it has none
  std::int64_t amount_refunded = 0;   // when expanded
  bool disputed = false;              // when expanded
  std::vector<Outcome> registered;    // per unit, when expanded: the register's metadata
  bool replayed = false;              // Stripe answered from its idempotency store
};

// A refund of a payment. `tag`: the unit it is for, as we wrote it; empty if others made it.
struct Refund {
  std::string id;
  std::string status;  // pending | requires_action | succeeded | failed | canceled
  std::int64_t amount_minor = 0;
  std::string tag;
};

struct PriceFacts {
  bool active = false;
  bool recurring = false;
  std::string name;  // its nickname at Stripe; may be empty
  std::string currency;
  std::int64_t unit_amount = 0;  // in the currency's smallest unit
  std::optional<bool> livemode;
};
PriceFacts read_price(const boost::json::value& body);

struct RefundParams {
  std::string payment_intent;
  std::int64_t amount_minor = 0;  // > 0: without an amount Stripe sends everything back
  std::string tag;
};

// Elements of one page of a list.
inline constexpr std::size_t page_elements = 100;
// One page of a list at Stripe. A long list is read page by page, so memory does not grow with the
// number of orders.
template <typename Element>
struct Page {
  std::vector<Element> elements;
  std::string next = {};  // asks for the page after this one; empty = it was the last
};

enum class Expand { payment, payment_and_line_items };

class Client {
 public:
  Client(HttpClient& http, Clock& clock, Metrics& metrics, Options options);

  // Errors of all calls: invalid (Stripe refuses the parameters), not_found, limited (429, or no
  // turn in time), unavailable (401 and the like), forbidden (403: the key lacks a right),
  // not_sent, ambiguous (5xx; also an answer about another object: stripe/asked.hpp). Messages name
  // only Stripe's error code and request id.
  boost::asio::awaitable<Result<CheckoutSession>> create_checkout(CheckoutParams params,
                                                                  std::string idempotency_key);
  boost::asio::awaitable<Result<CheckoutSession>> retrieve_checkout(
      std::string id, Expand expand, Priority priority = Priority::payment);
  boost::asio::awaitable<Result<CheckoutSession>> expire_checkout(std::string id,
                                                                  std::string idempotency_key);

  // A page of the sessions that were created in that time, in whole seconds, with their payments.
  // `after`: the `next` of the page before; empty = the first page.
  boost::asio::awaitable<Result<Page<CheckoutSession>>> checkouts_between(Time since, Time until,
                                                                          std::string after);

  // The mode of the key: true = live; nothing = the key does not show it.
  std::optional<bool> livemode() const { return mode_; }
  // The connected account that all calls are about; empty = the key's own.
  const std::string& connected_account() const { return options_.account; }
  // The id of the account that the calls are about. Errors: also unavailable, when the key may not
  // read it.
  boost::asio::awaitable<Result<std::string>> account();
  boost::asio::awaitable<Result<PriceFacts>> price(std::string id);
  // How far our clock is ahead of Stripe's, by which the signatures of webhooks are dated. One
  // read.
  boost::asio::awaitable<Result<Duration>> clock_skew();
  // Did Stripe refuse the key at its last answer (401)? Logged once, with the setting's name.
  bool key_refused() const { return key_refused_; }
  // Does our clock agree with the last answers of Stripe? True before the first one.
  bool clocks_agree() const { return !clock_wrong_; }
  // Signatures are refused at five minutes. A difference of this length is an alarm before that.
  static constexpr Duration clock_skew_max = std::chrono::seconds(60);

  // A page of the events about payments in that time, in whole seconds, newest first, also of
  // events that never reached us. Stripe keeps 30 days. `after` as above.
  boost::asio::awaitable<Result<Page<Event>>> events_between(Time since, Time until,
                                                             std::string after);

  // The id of the Checkout Session of a payment. Errors: also not_found, when no session made it.
  boost::asio::awaitable<Result<std::string>> session_of(std::string payment_intent);

  // Writes the outcome of a unit into the charge's metadata, and returns the outcome that is there
  // afterwards. Errors: also conflict (the same key came before with the other outcome) and stuck
  // (Stripe has stored a failure under the key).
  boost::asio::awaitable<Result<Outcome>> register_outcome(std::string charge, std::size_t unit,
                                                           Outcome outcome,
                                                           std::string idempotency_key);
  // All refunds of the payment, also those of others. Errors: also unavailable, when the list is
  // too long.
  boost::asio::awaitable<Result<std::vector<Refund>>> list_refunds(std::string payment_intent);
  // All disputes of the payment, newest first. Errors: as list_refunds().
  boost::asio::awaitable<Result<std::vector<Dispute>>> list_disputes(std::string payment_intent);
  // Errors: invalid also when less is left than asked for, or there is a dispute; stuck (Stripe has
  // stored a refusal under the key).
  boost::asio::awaitable<Result<Refund>> refund(RefundParams params, std::string idempotency_key);

 private:
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call, Priority priority);
  // One try. Errors: also limited, when it gets no turn. The time it waits for the turn is
  // subtracted from `patience`.
  boost::asio::awaitable<Result<HttpResponse>> try_once(HttpCall call, Priority priority,
                                                        Duration& patience);
  boost::asio::awaitable<void> pause(std::string_view reason, int retries, Duration length);
  double jitter();
  // Returns every answer, also a refusal.
  boost::asio::awaitable<Result<HttpResponse>> send_post(std::string path, std::string form,
                                                         std::string idempotency_key,
                                                         Priority priority);
  boost::asio::awaitable<Result<HttpResponse>> post(std::string path, std::string form,
                                                    std::string idempotency_key, Priority priority);
  boost::asio::awaitable<Result<boost::json::value>> get(std::string path, Priority priority);
  // One page of a list; `path` has its filters.
  boost::asio::awaitable<Result<Page<boost::json::value>>> page(std::string path, std::string after,
                                                                Priority priority);
  // All elements of a list that belongs to one payment, and so is short. Errors: also unavailable,
  // when it is not.
  boost::asio::awaitable<Result<std::vector<boost::json::value>>> list(std::string path,
                                                                       Priority priority);
  HttpCall call(std::string method, const std::string& path) const;
  // Logs once when our clock begins to differ from Stripe's, and once when it agrees again.
  void compare_clocks(const HttpResponse& answer);
  // Logs once when Stripe begins to refuse our key, and once when it takes it again.
  void watch_key(const HttpResponse& answer);

  HttpClient& http_;
  Clock& clock_;
  Metrics& metrics_;
  Options options_;
  std::optional<bool> mode_;  // of the key: true = live
  std::minstd_rand random_;
  bool clock_wrong_ = false;
  bool key_refused_ = false;
};

// The readings of single answers, exposed for tests.
Error error_of(const HttpResponse& answer);
// Stripe stores the answer to an Idempotency-Key, also a failure, and repeats it.
bool is_replay(const HttpResponse& answer);
CheckoutSession read_checkout(const boost::json::value& body);
Result<CheckoutSession> read_checkout(const HttpResponse& answer);

}  // namespace claimcheck::stripe
