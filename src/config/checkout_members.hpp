// The members of [checkout] in the configuration file, as one table: each parameter of Stripe's
// call that creates a Checkout Session, by Stripe's name, with what it may hold. `owned` ones are
// refused, each with its reason. To hand one more on, add its row here and to docs/checkout.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace claimcheck {

enum class MemberKind {
  section,     // a table
  sections,    // a list of tables
  flag,        // true or false
  word,        // one of `words`
  words,       // a list of them
  text,        // counted in characters
  name,        // letters and digits
  digits,      // a text of digits
  id,          // of an object at Stripe; begins with `words`
  descriptor,  // the text on a bank statement
  number,
  duration,  // within Stripe's bounds for an expiry
  owned,     // not for the shop to set; `words` is the reason
};

struct CheckoutMember {
  std::string_view path;  // "custom_fields[].label.custom"
  MemberKind kind = MemberKind::text;
  std::string_view words = {};
  std::int64_t least = 0;
  std::int64_t most = 0;
  bool required = false;  // where the table that it is in is given
};

std::span<const CheckoutMember> checkout_members();
// Null = there is none of that path.
const CheckoutMember* checkout_member(std::string_view path);

}  // namespace claimcheck
