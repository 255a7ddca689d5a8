// CheckoutRecords: what a checkout leaves beside its order: which call of the shop's it answered,
// and how many bytes unpaid orders keep here. One of the roles of the store (store.hpp).
#pragma once

#include "store/async.hpp"

#include <cstdint>
#include <string>

namespace claimcheck {

// A create-checkout call under a caller's Idempotency-Key. The addresses are those of the process
// that wrote it first: with them every process makes the same call to Stripe.
struct IdempotencyRecord {
  std::string body_sha256;
  std::string success_url;
  std::string cancel_url;
  std::int64_t attempt = 0;  // counts sessions that died
  std::string session_id;    // empty until the order is stored

  bool operator==(const IdempotencyRecord&) const = default;
};

// What becomes of a record that is there already.
enum class IfRecorded { keep, replace };

class CheckoutRecords {
 public:
  virtual ~CheckoutRecords() = default;

  // Writes the record under that key, unless one is there and is to be kept; returns the one that
  // stands there then. Errors: the store's; unreadable when the one to be kept is.
  virtual Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                               IfRecorded recorded) = 0;
  // Books the bytes of an unpaid order (0 = release); returns the bytes of all unpaid orders.
  // Errors: the store's; the booking may stand all the same, and again changes nothing.
  virtual Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) = 0;
};

}  // namespace claimcheck
