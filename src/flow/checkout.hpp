// Checkout: from a buyer's request to a payment page. Everything that the order needs is in Redis
// before the page's address goes out, so no payment can meet an order that is not there. The
// sequence: Stripe session, due entry at its expiry, claim and session value, answer. When Redis
// fails in between, the Stripe session is expired and nobody can pay it. The same Idempotency-Key
// of a caller leads to the same session, from any address and in any process, with the scope that
// Stripe gives to its own keys. A session that is no longer open is never handed out.
#pragma once

#include "flow/context.hpp"
#include "flow/order_request.hpp"
#include "flow/refusal.hpp"
#include "flow/screening.hpp"
#include "flow/session_options.hpp"

#include <expected>
#include <optional>
#include <string>

namespace claimcheck {

// Where Stripe sends the buyer.
struct ReturnUrls {
  std::string success;
  std::string cancel;
};

struct CheckoutOptions {
  ReturnUrls urls;
  SessionOptionsByTool session = {};
  std::int64_t unpaid_bytes_max = 1024LL * 1024 * 1024;  // prompts of all unpaid orders
  Screening* screening = nullptr;                        // null = every prompt is taken
};

struct CheckoutAnswer {
  std::string session_id;
  std::string url;
};

inline constexpr std::size_t idempotency_key_bytes_max = 255;

class Checkout {
 public:
  Checkout(Context& context, CheckoutOptions options);

  // `key` is the caller's Idempotency-Key, may be empty. Refusals: invalid (the prompt is too long,
  // or refused), conflict (the key was used with another request), limited, screening_unavailable,
  // stripe_unavailable, stripe_busy, store_unavailable. None of them hands out an address.
  boost::asio::awaitable<std::expected<CheckoutAnswer, Refusal>> create(OrderRequest order,
                                                                        std::string key);

 private:
  // What every call to Stripe under one caller's key says alike, also in another process.
  struct Terms {
    ReturnUrls urls;
    std::string locale;
    std::int64_t asked_s = 0;  // unix seconds, from which the expiry is counted
  };
  struct Opened {
    CheckoutAnswer answer;
    std::int64_t attempt = 0;
    std::int64_t asked_s = 0;
  };
  using MaybeOpened = std::expected<Opened, Refusal>;

  boost::asio::awaitable<bool> has_room(std::int64_t bytes);
  std::string record_key(std::string_view key) const;
  boost::asio::awaitable<MaybeOpened> create_with_key(OrderRequest order, std::string record_key);
  boost::asio::awaitable<MaybeOpened> open_session(OrderRequest order, Terms terms,
                                                   std::string key_seed, std::int64_t attempt);
  stripe::CheckoutParams params_of(const OrderRequest& order, const Terms& terms) const;
  bool counted_too_early(const Error& error, const OrderRequest& order, const Terms& terms) const;
  boost::asio::awaitable<Result<void>> keep(const OrderRequest& order,
                                            const stripe::CheckoutSession& session);
  boost::asio::awaitable<void> undo(std::string session_id);
  // The session as it is now; nothing = it is not open any more, or Stripe did not answer. Errors:
  // limited, the call got no turn.
  boost::asio::awaitable<Result<std::optional<CheckoutAnswer>>> still_open(std::string session_id);
  NewOrder new_order(const OrderRequest& order, const stripe::CheckoutSession& session) const;

  Context& context_;
  CheckoutOptions options_;
  std::int64_t unpaid_bytes_ = 0;  // the total when it was last read
};

}  // namespace claimcheck
