// CheckoutRecords: the two records that a checkout leaves beside its order: the create-checkout
// call of the shop that it answered, and the number of bytes that its unpaid order keeps here. One
// of the roles of the store (store.hpp).
#pragma once

#include "store/async.hpp"

#include <cstdint>
#include <string>

namespace claimcheck {

// A create-checkout call under a caller's Idempotency-Key. Addresses, language and time are those
// of the first call: with them every process makes the same call to Stripe.
struct IdempotencyRecord {
  std::string body_sha256;
  std::string success_url;
  std::string cancel_url;
  std::string locale;
  std::int64_t asked_s = 0;  // unix seconds, from which the session's expiry is counted
  std::int64_t attempt = 0;  // counts the sessions of this call that can no longer be paid
  std::string session_id;    // empty until the order is stored

  bool operator==(const IdempotencyRecord&) const = default;
};

// Whether a record that exists already is kept or replaced.
enum class IfRecorded { keep, replace };

class CheckoutRecords {
 public:
  virtual ~CheckoutRecords() = default;

  // Writes the record under that key. With `keep` an existing record is not replaced. Returns the
  // record that is stored afterwards. Errors: the store's; unreadable when the existing record
  // cannot be read.
  virtual Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                               IfRecorded recorded) = 0;
  // Records how many bytes an unpaid order keeps (0 = none any more). Returns the bytes of all
  // unpaid orders. Errors: the store's; the record may be written all the same, and a repeated call
  // changes nothing.
  virtual Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) = 0;
};

}  // namespace claimcheck
