// View: the customer's view of a claim, the members of SessionData that fulfilment owns. A pure
// function of the claim, so the view can be written again at any time. Its texts are for buyers: no
// provider detail, no internal reason.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/session.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct View {
  SessionStatus status = SessionStatus::pending;
  std::optional<std::string> file_id;
  std::optional<std::string> error;
  std::optional<std::string> message;
  std::optional<SessionNotice> notice;  // exactly when there is an error or a message
  std::optional<Time> waits_until;      // of generator_away, queued, prompt_refused
  std::vector<SessionFile> files;
  std::optional<SessionRefund> refund;
  std::optional<SessionPaid> paid;
  bool drop_prompt = false;  // closed without payment: a long prompt must not be kept

  bool operator==(const View&) const = default;
};

View view_of(const Claim& claim);

// True = it is submitted as soon as the generator accepts orders again.
bool waits_for_generator(const Unit& unit);
// True = it is submitted when its turn at the generator comes.
bool waits_in_line(const Unit& unit);

// Members that only fulfilment may write; others may change the rest.
bool fulfilment_owns(std::string_view member);

}  // namespace claimcheck
