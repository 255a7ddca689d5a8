#include "api/order_answer.hpp"

#include "domain/command.hpp"
#include "domain/margin.hpp"
#include "domain/money.hpp"
#include "domain/provider_cost.hpp"
#include "store/codec.hpp"

namespace claimcheck {

namespace {

std::optional<Time> value_of(const Result<Time>& when) {
  return when ? std::optional(*when) : std::nullopt;
}

UnitAnswer unit_answer(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  const Unit& unit = claim.units[index];
  return {.unit = index,
          .video = video_number(index),
          .state = unit.state,
          .reason = unit.reason,
          .job = unit.job,
          .generator = unit.generator,
          .cost = cost_words(unit.cost),
          .url = unit.url,
          .attempt = unit.attempt,
          .accepted = json::moment(unit.accepted_us),
          .retry = json::moment(unit.retry_us),
          .registered = unit.registered,
          .refund = unit.refund,
          .amount = unit_price(claim, index),
          // From the order machine itself, so the page offers nothing that it would reject.
          .actions = possible(claim, index, now, policy)};
}

// For the evidence alone, which leaves out what it does not have.
std::optional<SessionData> session_of(const Result<SessionBytes>& stored) {
  const Result<SessionData> session =
      stored ? decode_session(stored->bytes) : Result<SessionData>(fail(stored));
  return session ? std::optional(*session) : std::nullopt;
}

// The members that are derived from a claim; the raw record is shown beside them.
void show_claim(OrderAnswer& answer, const FoundOrder& found, const Policy& policy) {
  const Claim& claim = *found.report.claim;
  ShownOrder order{.session_id = answer.id, .claim = claim, .held_since = {}, .gist = found.gist};
  // The list of held orders is a hint, the claim decides.
  if (is_held(claim)) order.held_since = value_of(found.held_since);
  answer.order = row_of(order);
  const bool refunds_stopped = found.breaker && !found.breaker->reason.empty();
  answer.words = words_of(claim, value_of(found.next_look), refunds_stopped);
  answer.links = dashboard_links(answer.id, claim);
  answer.margin = margin_words(claim);
  answer.units.emplace();
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    answer.units->push_back(unit_answer(claim, i, answer.now, policy));
  }
  answer.actions = possible(claim, {}, answer.now, policy);
  // Evidence is for a bank: without a dispute nobody asks for it.
  if (!has_dispute(claim)) return;
  const std::optional<SessionData> session = session_of(found.report.session);
  answer.evidence = evidence_of({answer.id, claim, session, found.opened});
}

}  // namespace

OrderAnswer order_answer(const FoundOrder& found, Time now, const Policy& policy) {
  OrderAnswer answer;
  answer.id = found.report.session_id;
  answer.now = now;
  answer.nextLook = value_of(found.next_look);
  if (found.report.claim) {
    show_claim(answer, found, policy);
  } else {
    answer.problem = found.report.claim.error().message;
  }
  // Always, also without a readable claim: then the raw records are all that a person has.
  answer.records = {report_json(found.report)};
  return answer;
}

}  // namespace claimcheck
