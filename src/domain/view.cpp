#include "domain/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

SessionFile file_of(const Unit& unit) {
  SessionFile file;
  if (!unit.job.empty()) file.fileId = unit.job;
  if (unit.state == UnitState::ready) {
    file.status = SessionStatus::completed;
    file.url = unit.url;
    if (!unit.thumbnail_url.empty()) file.thumbnailUrl = unit.thumbnail_url;
  } else if (unit.state == UnitState::held) {
    file.status = SessionStatus::error;
    file.error = "This video could not be made.";
  } else {
    file.status = SessionStatus::processing;
  }
  return file;
}

std::string held_message(const Claim& claim) {
  const auto held = std::ranges::count(claim.units, UnitState::held, &Unit::state);
  if (held == 0) return "Your order needs a look by a person. Nothing is lost; we are on it.";
  return fmt::format("{} of {} videos could not be made. Nothing is lost; a person looks at it.",
                     held, claim.units.size());
}

void describe_paid(const Claim& claim, View& view) {
  view.status =
      claim.state == OrderState::done ? SessionStatus::completed : SessionStatus::processing;
  for (const Unit& unit : claim.units) view.files.push_back(file_of(unit));
  const auto first =
      std::ranges::find_if(claim.units, [](const Unit& u) { return !u.job.empty(); });
  if (first != claim.units.end()) view.file_id = first->job;
  const bool any_held = std::ranges::count(claim.units, UnitState::held, &Unit::state) > 0;
  if (any_held || claim.state == OrderState::held) view.message = held_message(claim);
}

}  // namespace

View view_of(const Claim& claim) {
  View view;
  switch (claim.state) {
    case OrderState::open:
      if (claim.delayed) view.message = "Your payment is on its way; some banks take days.";
      break;
    case OrderState::expired:
      view.status = SessionStatus::error;
      view.error = "The checkout expired before it was paid. Nothing was charged.";
      view.drop_prompt = true;
      break;
    case OrderState::unpaid:
      view.status = SessionStatus::error;
      view.error = "The payment failed. Nothing was charged.";
      view.drop_prompt = true;
      break;
    case OrderState::paid:
    case OrderState::done:
    case OrderState::held: describe_paid(claim, view); break;
  }
  return view;
}

bool fulfilment_owns(std::string_view member) {
  constexpr std::array<std::string_view, 9> owned = {"status",    "fileId",    "error",
                                                     "message",   "files",     "videoCount",
                                                     "createdAt", "timestamp", "schema"};
  return std::ranges::find(owned, member) != owned.end();
}

}  // namespace claimcheck
