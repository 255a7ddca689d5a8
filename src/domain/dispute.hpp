// Dispute: a bank takes a payment back or asks about it, as last read from Stripe. The claim keeps
// the most pressing one of its payment. While it is not over, the order is neither made nor
// refunded, and a person must answer it in time. Statuses and reasons that Stripe adds later are
// kept as they come. Pure values.
#pragma once

#include "base/clock.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

struct Dispute {
  std::string id;      // empty = there is none
  std::string status;  // Stripe's: needs_response, under_review, won, lost, warning_…
  std::string reason;  // Stripe's: fraudulent, product_not_received, …
  std::int64_t amount_minor = 0;
  std::string currency;
  std::int64_t created_us = 0;
  std::int64_t due_us = 0;  // an answer must be there by then; 0 = the bank takes none

  bool operator==(const Dispute&) const = default;
};
BOOST_DESCRIBE_STRUCT(Dispute, (), (id, status, reason, amount_minor, currency, created_us, due_us))

bool exists(const Dispute& dispute);
bool can_be_answered(const Dispute& dispute);  // the bank has named a day
// A person must send evidence, or accept it.
bool needs_answer(const Dispute& dispute);
// It ended, and the money is ours.
bool ended_well(const Dispute& dispute);
// Of several disputes of one payment: one that waits for an answer, else one that is not over, else
// the newest.
Dispute most_pressing(const std::vector<Dispute>& disputes);
// "1900 usd are disputed: fraudulent (needs_response); an answer is due by 2026-12-08T…"
std::string words_of(const Dispute& dispute);

}  // namespace claimcheck
