// CheckoutRecords: what a checkout leaves beside its order: the record of the shop's
// create-checkout call that it answered, and the places of the new order in the work index, among
// the unpaid orders and on the list of all. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
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

// The places of a new order.
struct NewPlaces {
  std::string session_id;
  Time due;                // at the latest
  Time created;            // its place on the list of all
  std::int64_t bytes = 0;  // that it keeps here while it is unpaid
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
  // Gives an order its places: all of them, or none. Returns the bytes of all unpaid orders.
  // Errors: the store's; it may have its places all the same, and a repeated call changes nothing.
  virtual Async<std::int64_t> enter(NewPlaces places) = 0;
  // The order is not unpaid any more. WorkQueue::settle() does the same when it removes an order.
  // Errors: the store's.
  virtual Async<void> release_unpaid(std::string session_id) = 0;
  // The bytes of all unpaid orders. One round trip. Errors: the store's.
  virtual Async<std::int64_t> unpaid_bytes() = 0;
};

}  // namespace claimcheck
