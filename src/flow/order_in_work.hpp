// OrderInWork: the order of one pass, shared by the parts of that pass: the loop, the calls to the
// generator, the calls about the payment, and what follows a commit. The loop owns it and alone
// replaces the claim; all others read. Lives for one pass, borrows the context.
#pragma once

#include "flow/context.hpp"

#include <optional>
#include <string>
#include <variant>

namespace claimcheck {

// How a pass ended. Removed: nothing to do any more. Parked: due again after the delay. Abandoned:
// the store did not answer; due again when the lease would end.
struct Removed {};
struct Parked {
  Duration delay;
};
struct Abandoned {};
using PassEnd = std::variant<Removed, Parked, Abandoned>;

// What an outside call has shown. Nothing = the store did not answer: the pass is abandoned.
using Seen = std::optional<Observation>;

struct OrderInWork {
  OrderInWork(Context& of, std::string session_id, Claim loaded);

  Context& context;
  Policy policy;  // with the values of the order's tool, where it has its own
  std::string id;
  Claim claim;
  std::string buyer_email = {};   // as Stripe has it; read with the payment
  std::string recovery_url = {};  // likewise, of an expired checkout
  std::string reference = {};     // likewise, the shop's own name of the order
  SessionMetadata metadata = {};  // likewise, the shop's own
  // The session value that this pass has written. Another program may have replaced it since; then
  // the commit of a submit, which compares the digest, is refused.
  std::optional<SessionBytes> written = {};

  // The name of a unit outside of its claim: owner of a job, reservation of a refund.
  std::string tag(std::size_t unit) const;
  Money price_of(std::size_t unit) const;
  // Who is to make the unit now, with the model that is configured for it today; nothing = its tool
  // is no longer configured.
  std::optional<GeneratorChoice> choice(std::size_t unit) const;
  // Who has the unit; before it was first asked for, the first one of its tool.
  const std::string& generator_of(const Unit& unit) const;
  // The generator after the unit's present one; empty = there is none.
  std::string next_generator(std::size_t unit) const;
  // Would the next step of this unit buy a generation?
  bool may_submit(std::size_t unit) const;
  // The session value: as this pass has written it, else as Redis has it. For a commit that
  // compares its digest. Errors: the store's; not_found.
  Async<SessionBytes> session() const;

 private:
  std::string first_generator_;
};

}  // namespace claimcheck
