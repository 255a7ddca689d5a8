// The edit of a refused prompt: when the buyer may write another one, what the order becomes by it,
// and what it becomes without it.
#include "domain/notification.hpp"
#include "domain/prompt_edit.hpp"
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Policy edits = with_edits();
const Time over = start + Policy().prompt_edit_time + Duration(1);

Unit only(const Claim& claim) { return claim.units.at(0); }

Claim edited(const Claim& claim, std::string_view digest = "def", Time now = start,
             const Policy& policy = edits) {
  const auto decision = edit_prompt(claim, digest, now, policy);
  REQUIRE(decision.has_value());
  return decision->claim;
}

std::string code_of(const std::expected<Decision, Rejected>& answer) {
  return answer ? "" : answer.error().code;
}

Polled refused_result(std::size_t unit = 0) {
  return {.unit = unit, .result = PollResult::failed, .failure = Failure::content};
}

// Three units, of which each was submitted.
Claim three_submitted() {
  Claim claim = paid_claim(3);
  for (std::size_t i = 0; i < 3; ++i) claim = decide(claim, prepared(i), start, edits).claim;
  return claim;
}

TEST_CASE("prompt edit: without the setting refused content is refunded at once, as before") {
  const Decision decision = decide(submitting_claim(), refused_content(), start);
  CHECK(only(decision.claim).state == UnitState::failed);
  CHECK(decision.action.kind == ActionKind::allow_refund);
}

TEST_CASE("prompt edit: refused content waits for the buyer, and the page and the shop are told") {
  const Decision decision = decide(submitting_claim(), refused_content(), start, edits);
  CHECK(decision.commit);
  CHECK(only(decision.claim).state == UnitState::editable);
  CHECK(decision.claim.state == OrderState::paid);
  CHECK(may_edit_prompt(decision.claim));
  CHECK(decision.action.kind == ActionKind::park);
  CHECK(decision.action.delay == edits.prompt_edit_time + Duration(1));
  const View view = view_of(decision.claim);
  CHECK(view.status == SessionStatus::processing);
  CHECK(view.notice == SessionNotice::prompt_refused);
  CHECK(view.waits_until == start + edits.prompt_edit_time);
  CHECK(!view.refund);
  const auto due = due_notifications(decision.claim, start);
  REQUIRE(due.items.size() == 1);
  CHECK(due.items[0].kind == NotificationKind::prompt_refused);
}

TEST_CASE("prompt edit: a result that is refused waits like a submit that is") {
  const Decision decision = decide(running_claim(), refused_result(), start, edits);
  CHECK(only(decision.claim).state == UnitState::editable);
  CHECK(only(decision.claim).failure == Failure::content);
  // It is made for the first time from the other prompt.
  CHECK(!view_of(edited(decision.claim)).notice);
}

TEST_CASE(
    "prompt edit: another prompt is made under another seed, and nothing else of the order "
    "changes") {
  const Claim before = editable_claim();
  const auto decision = edit_prompt(before, "def", start, edits);
  REQUIRE(decision.has_value());
  CHECK(decision->commit);
  const Claim& after = decision->claim;
  CHECK(after.prompt_sha256 == "def");
  CHECK(after.prompt_edits == 1);
  CHECK(only(after).state == UnitState::waiting);
  CHECK(only(after).failure == Failure::none);
  CHECK(after.amount_minor == before.amount_minor);
  CHECK(decision->moves.at(0).why == "buyer: another prompt");
  CHECK(decision->action.kind == ActionKind::prepare);
  CHECK(!view_of(after).notice);
  Prepared again = prepared();
  again.prompt_sha256 = "def";
  const Decision sent = decide(after, again, start, edits);
  CHECK(sent.action.kind == ActionKind::submit);
  CHECK(only(sent.claim).attempt == 2);
  CHECK(only(sent.claim).seed == submit_seed(id, 0, 2));
  CHECK(only(sent.claim).seed != only(before).seed);
}

TEST_CASE("prompt edit: the earlier prompt is not submitted any more") {
  const Decision decision = decide(edited(editable_claim()), prepared(), start, edits);
  CHECK(only(decision.claim).state == UnitState::held);
}

TEST_CASE("prompt edit: a second refusal is refunded, or edited once more where the shop allows") {
  Prepared again = prepared();
  again.prompt_sha256 = "def";
  const Claim sent = decide(edited(editable_claim()), again, start + Duration(1), edits).claim;
  const Decision refused = decide(sent, refused_content(), start + Duration(2), edits);
  CHECK(only(refused.claim).state == UnitState::failed);
  CHECK(only(refused.claim).failure == Failure::content);
  Policy twice = edits;
  twice.prompt_edits_max = 2;
  const Claim once_more = decide(sent, refused_content(), start + Duration(2), twice).claim;
  CHECK(only(once_more).state == UnitState::editable);
  CHECK(edited(once_more, "ghi", start, twice).prompt_edits == 2);
}

TEST_CASE("prompt edit: without another prompt it is refunded when the time is over") {
  const Claim waits = editable_claim();
  const Time last = start + edits.prompt_edit_time;
  CHECK(only(decide(waits, Woken(), last, edits).claim).state == UnitState::editable);
  const Decision decision = decide(waits, Woken(), over, edits);
  CHECK(only(decision.claim).state == UnitState::failed);
  CHECK(only(decision.claim).failure == Failure::content);
  CHECK(decision.action.kind == ActionKind::allow_refund);
  CHECK(code_of(edit_prompt(decision.claim, "def", over, edits)) == "not_refused");
}

TEST_CASE("prompt edit: while the clocks disagree the time is not over") {
  Policy doubt = edits;
  doubt.clocks_agree = false;
  const Decision decision = decide(editable_claim(), Woken(), over, doubt);
  CHECK(only(decision.claim).state == UnitState::editable);
  CHECK(decision.action.kind == ActionKind::park);
  CHECK(decision.action.delay == doubt.unclear_max);
}

TEST_CASE("prompt edit: a clock that was put back does not lengthen the time") {
  const Time earlier = start - std::chrono::hours(1000);
  const Claim claim = decide(editable_claim(), Woken(), earlier, edits).claim;
  CHECK(from_us(claim.prompt_edit_ends_us) <= earlier + prompt_edit_time_max);
}

TEST_CASE("prompt edit: the buyer may take the money instead") {
  const auto decision = decline_edit(editable_claim(), start, edits);
  REQUIRE(decision.has_value());
  CHECK(only(decision->claim).state == UnitState::failed);
  CHECK(only(decision->claim).failure == Failure::content);
  CHECK(decision->moves.at(0).why == "buyer: no other prompt");
  CHECK(decision->moves.at(1).to == "video 1 failed");
  CHECK(decision->action.kind == ActionKind::allow_refund);
  CHECK(code_of(decline_edit(decision->claim, start, edits)) == "not_refused");
}

TEST_CASE("prompt edit: what cannot be edited is told by its code") {
  CHECK(code_of(edit_prompt(editable_claim(), "abc", start, edits)) == "same_prompt");
  CHECK(code_of(edit_prompt(running_claim(), "def", start, edits)) == "not_refused");
  // What was promised stands, also after the setting was taken back.
  CHECK(code_of(edit_prompt(editable_claim(), "def", start, Policy())) == "");
  CHECK(code_of(edit_prompt(open_claim(), "def", start, edits)) == "not_refused");
  Claim held = editable_claim();
  held.state = OrderState::held;
  CHECK(code_of(edit_prompt(held, "def", start, edits)) == "not_refused");
  CHECK(code_of(decline_edit(held, start, edits)) == "not_refused");
}

TEST_CASE("prompt edit: not while a submit with the first prompt may be out") {
  Claim claim = decide(three_submitted(), refused_content(0), start, edits).claim;
  CHECK(code_of(edit_prompt(claim, "def", start, edits)) == "under_way");
  claim = decide(claim, submitted(SubmitResult::accepted, 1), start, edits).claim;
  claim = decide(claim, submitted(SubmitResult::refused, 2), start, edits).claim;
  REQUIRE(claim.units[2].state == UnitState::waiting);
  Claim doubtful = claim;
  doubtful.units[2].doubles = 1;
  CHECK(code_of(edit_prompt(doubtful, "def", start, edits)) == "under_way");
  const Claim after = edited(claim);
  CHECK(after.units[0].state == UnitState::waiting);
  CHECK(after.units[1].state == UnitState::running);
  // Its submit was refused for the moment; the other prompt goes out under another seed.
  CHECK(after.units[2].state == UnitState::waiting);
  Prepared again = prepared(2);
  again.prompt_sha256 = "def";
  CHECK(decide(after, again, start, edits).claim.units[2].attempt == 2);
}

TEST_CASE("prompt edit: one edit is for every unit whose first prompt is refused later") {
  Claim claim = decide(three_submitted(), refused_content(0), start, edits).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 1), start, edits).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 2), start, edits).claim;
  claim = edited(claim, "def", start + std::chrono::seconds(1));
  claim = decide(claim, refused_result(1), start + std::chrono::seconds(2), edits).claim;
  CHECK(claim.units[1].state == UnitState::waiting);
  CHECK(claim.units[1].attempt == 2);
  Prepared again = prepared(1);
  again.prompt_sha256 = "def";
  claim = decide(claim, again, start + std::chrono::seconds(3), edits).claim;
  // That one had the other prompt, so it was refused for good.
  const Decision last = decide(claim, refused_content(1), start + std::chrono::seconds(4), edits);
  CHECK(last.claim.units[1].state == UnitState::failed);
}

TEST_CASE("prompt edit: of several units all have one time, that of the first") {
  Claim claim = decide(three_submitted(), refused_content(0), start, edits).claim;
  const Time later = start + std::chrono::hours(3);
  claim = decide(claim, refused_content(1), later, edits).claim;
  CHECK(from_us(claim.prompt_edit_ends_us) == start + edits.prompt_edit_time);
  CHECK(claim.units[1].state == UnitState::editable);
}

TEST_CASE("prompt edit: a made video stays when another one of the order was refused") {
  Claim claim = decide(three_submitted(), submitted(SubmitResult::accepted, 0), start, edits).claim;
  const Polled made{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  claim = decide(claim, made, start, edits).claim;
  claim = decide(claim, Registered{.unit = 0, .outcome = Outcome::deliver}, start, edits).claim;
  claim = decide(claim, refused_content(1), start, edits).claim;
  claim = decide(claim, refused_content(2), start, edits).claim;
  CHECK(view_of(claim).notice == SessionNotice::prompt_refused);
  const Claim after = edited(claim);
  CHECK(after.units[0].state == UnitState::delivered);
  CHECK(after.units[0].url == "https://v/1.mp4");
  CHECK(after.units[1].state == UnitState::waiting);
  const auto declined = decline_edit(claim, start, edits);
  REQUIRE(declined.has_value());
  CHECK(declined->claim.units[0].state == UnitState::delivered);
  CHECK(declined->claim.units[1].state == UnitState::failed);
  CHECK(declined->claim.units[2].state == UnitState::failed);
}

TEST_CASE("prompt edit: none where a video may exist already: shown, registered or in doubt") {
  Claim shown = running_claim();
  shown.units[0].shown_before_register = true;
  CHECK(only(decide(shown, refused_result(), start, edits).claim).state == UnitState::failed);
  Claim doubtful = submitting_claim();
  doubtful.units[0].doubles = 1;
  CHECK(only(decide(doubtful, refused_content(), start, edits).claim).state == UnitState::failed);
  Claim delivered = running_claim();
  delivered.units[0].registered = Outcome::deliver;
  CHECK(only(decide(delivered, refused_result(), start, edits).claim).state == UnitState::held);
}

TEST_CASE("prompt edit: a dispute holds the order also while its buyer may write") {
  const Time later = start + std::chrono::hours(2);
  CHECK(decide(editable_claim(), Woken(), later, edits).action.kind == ActionKind::read_payment);
  PaymentSeen disputed = seen(PaymentState::paid);
  disputed.disputed = true;
  const Decision held = decide(editable_claim(), disputed, later, edits);
  CHECK(held.claim.state == OrderState::held);
  CHECK(code_of(edit_prompt(held.claim, "def", later, edits)) == "not_refused");
}

TEST_CASE("prompt edit: the generator's patience begins anew with the edit") {
  const Time late = start + std::chrono::hours(23);
  const Claim claim = edited(editable_claim(), "def", late);
  const Submitted paused{.result = SubmitResult::paused, .retry_after = std::chrono::seconds(2)};
  const Time next_day = start + Policy().generator_patience + std::chrono::hours(1);
  const Decision decision = decide(claim, paused, next_day, edits);
  CHECK(only(decision.claim).state == UnitState::waiting);
  CHECK(from_us(decision.claim.refund_after_us) == late + Policy().generator_patience);
}

TEST_CASE("prompt edit: the time does not end while the buyer could not write") {
  Claim claim = decide(three_submitted(), refused_content(0), start, edits).claim;
  REQUIRE(claim.units[1].state == UnitState::submitting);
  CHECK(decide(claim, Woken(), over, edits).claim.units[0].state == UnitState::editable);
  Claim held = editable_claim();
  held.state = OrderState::held;
  const Time later = start + std::chrono::hours(100);
  const auto retried = decide(held, Command{.kind = CommandKind::retry, .url = {}}, later, edits);
  REQUIRE(retried.has_value());
  CHECK(from_us(retried->decision.claim.prompt_edit_ends_us) == later + edits.prompt_edit_time);
}

TEST_CASE("prompt edit: the second refusal is told again, also in the same pass") {
  Policy twice = edits;
  twice.prompt_edits_max = 2;
  Claim claim = editable_claim();
  claim.notified = due_notifications(claim, start).notified;
  claim = edited(claim, "def", start, twice);
  Prepared again = prepared();
  again.prompt_sha256 = "def";
  claim = decide(claim, again, start, twice).claim;
  claim = decide(claim, refused_content(), start, twice).claim;
  const auto due = due_notifications(claim, start);
  REQUIRE(due.items.size() == 1);
  CHECK(due.items[0].ordinal == 2);
}

TEST_CASE("prompt edit: what the register calls delivered is sought, not edited") {
  PaymentSeen delivered = seen(PaymentState::paid);
  delivered.registered = {Outcome::deliver};
  const Claim claim = decide(editable_claim(), delivered, start, edits).claim;
  CHECK(only(claim).state == UnitState::waiting);
  CHECK(only(claim).attempt == 0);
  CHECK(code_of(edit_prompt(claim, "def", start, edits)) == "not_refused");
}

TEST_CASE("prompt edit: an operator may refund, deliver or resubmit what waits for its buyer") {
  const Claim claim = editable_claim();
  const auto commanded = [&](CommandKind kind) {
    return decide(claim, Command{.kind = kind, .unit = 0, .url = "https://v/2.mp4"}, start, edits);
  };
  CHECK(only(commanded(CommandKind::refund)->decision.claim).state == UnitState::failed);
  CHECK(only(commanded(CommandKind::deliver)->decision.claim).state == UnitState::ready);
  CHECK(only(commanded(CommandKind::resubmit)->decision.claim).state == UnitState::waiting);
  CHECK(commanded(CommandKind::retry).error().code == "under_way");
}

}  // namespace
}  // namespace claimcheck::test
