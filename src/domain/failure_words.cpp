#include "domain/failure_words.hpp"

namespace claimcheck {

std::optional<SessionReason> buyer_reason(const Unit& unit) {
  if (!will_not_be_made(unit)) return std::nullopt;
  switch (unit.failure) {
    case Failure::content: return SessionReason::refused_content;
    case Failure::input: return SessionReason::wrong_input;
    case Failure::transient: return SessionReason::service_fault;
    // Whose account or key was at fault is the shop's business: for its buyer nobody made it.
    case Failure::throttled:
    case Failure::balance:
    case Failure::configuration:
    case Failure::away: return SessionReason::service_away;
    case Failure::late: return SessionReason::too_late;
    case Failure::none:
    case Failure::unknown: break;
  }
  return std::nullopt;
}

std::optional<SessionReason> common_reason(const Claim& claim) {
  std::optional<SessionReason> common;
  for (const Unit& unit : claim.units) {
    if (!will_not_be_made(unit)) continue;
    const std::optional<SessionReason> reason = buyer_reason(unit);
    if (!reason || (common && *common != *reason)) return std::nullopt;
    common = reason;
  }
  return common;
}

std::string_view clause_of(SessionReason reason) {
  switch (reason) {
    case SessionReason::refused_content: return "the service refused it by its content rules";
    case SessionReason::wrong_input: return "the service does not accept what was ordered";
    case SessionReason::service_fault: return "the service failed at it, by a fault of its own";
    case SessionReason::service_away: return "the service took no order for it in time";
    case SessionReason::too_late: return "the service did not finish it in time";
  }
  return {};
}

std::string_view words_of(Failure failure) {
  switch (failure) {
    case Failure::none: return "";
    case Failure::input: return "input: the provider can never make it from these inputs";
    case Failure::content: return "content: the provider refused the prompt or its result";
    case Failure::transient: return "transient: a fault of the provider's own";
    case Failure::throttled: return "throttled: too many calls or jobs for the provider";
    case Failure::balance: return "balance: the account at the provider has no money left";
    case Failure::configuration: return "configuration: key, model or address are wrong";
    case Failure::unknown: return "unknown: the provider did not say why";
    case Failure::late: return "late: the job did not end within the deadline";
    case Failure::away: return "away: the provider took no order, or told nothing of it, in time";
  }
  return {};
}

}  // namespace claimcheck
