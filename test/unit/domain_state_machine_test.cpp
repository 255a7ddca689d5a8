// docs/state-machine.md is what the code does: every row of its table is one call of decide(), and
// the table here is made by those calls. When this fails, put the printed table into the document.
#include "domain/command.hpp"
#include "domain/names.hpp"
#include "support/data.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

namespace claimcheck::test {
namespace {

struct Step {
  std::string seen;  // in the document's words
  Observation observation;
  Time now = start;
  Policy policy = {};
};

std::string state_of(const Claim& claim) {
  if (claim.state != OrderState::paid) return fmt::format("order {}", name_of(claim.state));
  return std::string(name_of(claim.units[0].state));
}

std::string row(const Claim& claim, const Step& step) {
  constexpr std::array<std::string_view, 14> words = {"read the payment at Stripe",
                                                      "read the order's inputs",
                                                      "submit",
                                                      "look up by seed",
                                                      "poll",
                                                      "copy a stretch",
                                                      "look at its address",
                                                      "write the register",
                                                      "ask the refund breaker",
                                                      "read payment and refunds",
                                                      "refund",
                                                      "read the disputes",
                                                      "wait",
                                                      "–"};
  const Decision decision = decide(claim, step.observation, step.now, step.policy);
  return fmt::format("| {} | {} | {} | {} |\n", state_of(claim), step.seen,
                     state_of(decision.claim),
                     words.at(static_cast<std::size_t>(decision.action.kind)));
}

std::string rows(const Claim& claim, const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) text += row(claim, step);
  return text;
}

PaymentSeen with(Outcome registered) {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.registered = {registered};
  return payment;
}
PaymentSeen disputed() {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.disputed = true;
  return payment;
}
PaymentSeen wrong_amount() {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.amount.amount_minor = payment.subtotal_minor = 1;
  return payment;
}
PaymentSeen sent_back() {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.refunded_minor = payment.amount.amount_minor;
  return payment;
}
RefundsSeen listed(std::vector<RefundFound> refunds) {
  RefundsSeen all;
  all.payment = seen(PaymentState::paid);
  for (const RefundFound& refund : refunds) {
    if (refund.state != RefundState::failed) all.payment.refunded_minor += refund.amount_minor;
  }
  all.refunds = std::move(refunds);
  return all;
}
RefundFound ours(RefundState state) {
  return {.unit = 0, .id = "re_1", .state = state, .amount_minor = 1900};
}
RefundFound a_persons() {
  return {.id = "re_2", .state = RefundState::succeeded, .amount_minor = 1900};
}
Refunded posted(RefundResult result) {
  return {.unit = 0, .result = result, .refund = ours(RefundState::succeeded), .reason = "why"};
}

std::string open_rows() {
  const Claim unknown = decide(open_claim(), PaymentUnclear{true}, start).claim;
  const Time late = start + Policy().unknown_grace + Duration(1);
  return rows(open_claim(), {{"due", Woken()},
                             {"still open", seen(PaymentState::open)},
                             {"paid", seen(PaymentState::paid)},
                             {"paid, another amount", wrong_amount()},
                             {"paid, disputed", disputed()},
                             {"paid, refunded already", sent_back()},
                             {"a delayed payment is under way", seen(PaymentState::under_way)},
                             {"the delayed payment failed", seen(PaymentState::failed)},
                             {"expired", seen(PaymentState::expired)},
                             {"Stripe is silent", PaymentUnclear()},
                             {"Stripe knows no such session", PaymentUnclear{true}}}) +
         rows(unknown, {{"Stripe knows no such session for 10 min", PaymentUnclear{true}, late}});
}

std::string waiting_rows() {
  const Time later = start + Policy().payment_fresh + Duration(1);
  const Time grace = start + Policy().data_grace + Duration(1);
  const Time patience = start + Policy().generator_patience + Duration(1);
  const Unpreparable gone{.unit = 0, .reason = "gone", .lost = true};
  const Unpreparable strange{.unit = 0, .reason = "strange"};
  const Submitted paused{.result = SubmitResult::paused, .retry_after = std::chrono::seconds(2)};
  const Submitted in_line{.result = SubmitResult::queued, .retry_after = std::chrono::seconds(10)};
  return rows(paid_claim(), {{"due", Woken()},
                             {"due, the payment was read too long ago", Woken(), later},
                             {"the register says deliver", with(Outcome::deliver)},
                             {"the register says refund", with(Outcome::refund)},
                             {"disputed", disputed()},
                             {"the generator accepts nothing from anyone", paused},
                             {"nothing accepted, the patience is over", paused, patience},
                             {"others are first at the generator", in_line},
                             {"its turn did not come, the patience is over", in_line, patience},
                             {"the inputs", prepared()},
                             {"the data is lost", gone},
                             {"the data is lost for 15 min", gone, grace},
                             {"its video is there already", Recovered{.unit = 0, .job = "job-2"}},
                             {"a person must correct it", strange},
                             {"it ends its workers", Poisoned()}});
}

std::string submitting_rows() {
  const Time settled = start + Policy().settle_time;
  const LookedUp none{.unit = 0, .result = LookUpResult::none};
  const LookedUp found{.unit = 0, .result = LookUpResult::found, .job = "job-1"};
  Claim asked_once = decide(submitting_claim(), none, settled).claim;
  Claim sought = asked_once;
  sought.units[0].registered = Outcome::deliver;
  Claim in_vain = sought;
  in_vain.units[0].attempt = Policy().seeds_sought;
  const LookedUp unclear{.unit = 0, .result = LookUpResult::unclear};
  const Time patience = start + Policy().generator_patience + Duration(1);
  const Time second = settled + Policy().lookup_gap;
  return rows(submitting_claim(),
              {{"due, not settled", Woken()},
               {"due, settled", Woken(), settled},
               {"accepted", submitted(SubmitResult::accepted)},
               {"another order's job", submitted(SubmitResult::taken)},
               {"rejected", submitted(SubmitResult::rejected)},
               {"content refused, and the buyer may edit", refused_content(), start, with_edits()},
               {"conflict", submitted(SubmitResult::conflicted)},
               {"not accepted now", submitted(SubmitResult::refused)},
               {"not accepted, the patience is over", submitted(SubmitResult::refused), patience},
               {"no clear answer", submitted(SubmitResult::unclear)},
               {"found by seed", found},
               {"not found, settled", none, settled},
               {"the generator is silent", unclear, settled},
               {"silent, the patience is over", unclear, patience}}) +
         rows(asked_once, {{"not found a second time", none, second},
                           {"not found a second time, the patience is over", none, patience}}) +
         rows(sought, {{"not found, delivered before", none, second}}) +
         rows(in_vain, {{"not found, delivered before, by the last seed", none, second}});
}

std::string running_rows() {
  const Time deadline = start + Policy().generation_deadline + Duration(1);
  const Polled silent{.result = PollResult::unclear};
  const Claim unheard = decide(running_claim(), silent, start).claim;
  const Time patience = start + Policy().generator_patience + Duration(1);
  return rows(running_claim(),
              {{"due", Woken(), start + Policy().poll_min},
               {"running", Polled{.result = PollResult::running}},
               {"running, over the deadline", Polled{.result = PollResult::running}, deadline},
               {"the video is there", Polled{.result = PollResult::ready}},
               {"it failed", Polled{.result = PollResult::failed}},
               {"it failed, and may be made again",
                Polled{.result = PollResult::failed, .again = true}},
               {"content refused, and the buyer may edit",
                Polled{.result = PollResult::failed, .failure = Failure::content}, start,
                with_edits()},
               {"the job is lost", Polled{.result = PollResult::missing}, deadline},
               {"its address has no video", Polled{.result = PollResult::no_video}},
               {"its address has no video, over the deadline",
                Polled{.result = PollResult::no_video}, deadline},
               {"the generator is silent", silent}}) +
         rows(unheard, {{"running, after a silence over the deadline",
                         Polled{.result = PollResult::running}, deadline},
                        {"silent, the patience is over", silent, patience}});
}

std::string copying_rows() {
  Policy keeps;
  keeps.keeps_results = true;
  const Time patience = start + Policy().generator_patience + Duration(1);
  const Polled made{.result = PollResult::ready, .url = "https://v/1.mp4"};
  const auto seen = [](CopyResult result) { return Copied{.unit = 0, .result = result}; };
  Claim last = copying_claim();
  last.units[0].dead_addresses = 2;
  return rows(running_claim(), {{"the video is there, and results are kept", made, start, keeps}}) +
         rows(copying_claim(),
              {{"due", Woken()},
               {"the copy goes on", Copied{.result = CopyResult::going_on, .upload = "up"}},
               {"the copy begins anew", seen(CopyResult::going_on)},
               {"the copy is whole", seen(CopyResult::stored)},
               {"enough others are copied", seen(CopyResult::busy)},
               {"source or storage is silent", seen(CopyResult::unclear)},
               {"silent, the patience is over", seen(CopyResult::unclear), patience},
               {"its address is dead", seen(CopyResult::gone)},
               {"it must not be kept", seen(CopyResult::unfit)}}) +
         rows(last, {{"its third address is dead", seen(CopyResult::gone)}});
}

std::string editable_rows() {
  const Time over = start + Policy().prompt_edit_time + Duration(1);
  return rows(editable_claim(), {{"due", Woken()}, {"its time is over", Woken(), over}});
}

std::string outcome_rows() {
  const Registered deliver{.unit = 0, .outcome = Outcome::deliver};
  const Registered refund{.unit = 0, .outcome = Outcome::refund};
  const Registered silent{.unit = 0, .outcome = Outcome::none, .reason = "silent"};
  const RefundAllowed yes{.unit = 0, .allowed = true};
  const RefundAllowed no{.unit = 0, .allowed = false, .reason = "too many"};
  return rows(ready_claim(), {{"due", Woken()},
                              {"registered: deliver", deliver},
                              {"registered: refund", refund},
                              {"not registered", silent},
                              {"disputed", disputed()},
                              {"a person refunded it", sent_back()}}) +
         rows(failed_claim(), {{"due", Woken()},
                               {"the refund breaker allows it", yes},
                               {"the refund breaker is open", no},
                               {"registered: refund", refund},
                               {"registered: deliver", deliver},
                               {"not registered", silent}});
}

std::string refund_rows() {
  const Claim pending =
      decide(refunding_claim(), listed({ours(RefundState::pending)}), start).claim;
  const Claim done = decide(refunding_claim(), listed({ours(RefundState::succeeded)}), start).claim;
  Claim delivered = ready_claim();
  delivered.state = OrderState::done;
  delivered.units[0].state = UnitState::delivered;
  Claim held = paid_claim();
  held.state = OrderState::held;
  RefundsSeen dispute = listed({});
  dispute.payment.disputed = true;
  return rows(refunding_claim(), {{"due", Woken()},
                                  {"no refund yet", listed({})},
                                  {"our refund is pending", listed({ours(RefundState::pending)})},
                                  {"our refund succeeded", listed({ours(RefundState::succeeded)})},
                                  {"our refund failed", listed({ours(RefundState::failed)})},
                                  {"a person refunded everything", listed({a_persons()})},
                                  {"disputed", dispute},
                                  {"Stripe is silent", RefundsUnclear()},
                                  {"the refund is made", posted(RefundResult::made)},
                                  {"the charge has changed", posted(RefundResult::changed)},
                                  {"a stored failure", posted(RefundResult::stuck)},
                                  {"no clear answer", posted(RefundResult::unclear)}}) +
         rows(pending, {{"an event, the refund is pending", Woken()}}) +
         rows(done, {{"an event after a refund", Woken()},
                     {"our refund failed after all", listed({ours(RefundState::failed)})}}) +
         rows(delivered, {{"an event after the delivery", Woken()},
                          {"paid, nothing new", seen(PaymentState::paid)},
                          {"the bank awaits an answer", DisputesSeen{{a_dispute()}}},
                          {"there is no dispute", DisputesSeen()},
                          {"no clear answer about disputes", DisputesUnclear()},
                          {"the key may not read disputes", DisputesUnclear{.refused = true}},
                          {"a person refunded it", sent_back()},
                          {"a person refunded everything", listed({a_persons()})},
                          {"Stripe is silent", PaymentUnclear()}}) +
         rows(held, {{"an event", Woken()},
                     {"a person refunded it", sent_back()},
                     {"a person refunded everything", listed({a_persons()})}});
}

struct Held {
  std::string what;  // in the document's words
  Claim claim;
};

Claim in_state(OrderState state, UnitState unit, Claim claim = failed_claim()) {
  claim.state = state;
  claim.units[0].state = unit;
  return claim;
}

std::vector<Held> commanded_states() {
  const auto held = [](Claim claim) { return in_state(OrderState::held, UnitState::held, claim); };
  Claim unpaid = open_claim();
  unpaid.state = OrderState::held;
  Claim stopped = paid_claim();
  stopped.state = OrderState::held;
  Claim never_sent = paid_claim();
  never_sent.units[0].intent_us = 0;
  Claim delivered = failed_claim();
  delivered.units[0].registered = Outcome::deliver;
  Claim refund = failed_claim();
  refund.units[0].registered = Outcome::refund;
  Claim bounced = refund;
  bounced.units[0].refund = "re_1";
  Claim shown = ready_claim();
  shown.units[0].shown_before_register = true;
  Claim in_part = failed_claim();
  in_part.refunded_elsewhere_minor = 30;
  const Claim settled = decide(submitting_claim(), LookedUp{.result = LookUpResult::none},
                               start + Policy().settle_time)
                            .claim;
  return {{"order open", open_claim()},
          {"waiting", paid_claim()},
          {"submitting, may be on its way", submitting_claim()},
          {"submitting, settled", settled},
          {"running", running_claim()},
          {"copying", copying_claim()},
          {"editable", editable_claim()},
          {"ready", ready_claim()},
          {"failed", failed_claim()},
          {"refunding", refunding_claim()},
          {"done: delivered", in_state(OrderState::done, UnitState::delivered, ready_claim())},
          {"done: refunded", in_state(OrderState::done, UnitState::refunded)},
          {"order expired", in_state(OrderState::expired, UnitState::waiting, open_claim())},
          {"order held before it was paid", unpaid},
          {"order held, its unit waiting", stopped},
          {"order held, its unit refunding", in_state(OrderState::held, UnitState::refunding)},
          {"held: was never submitted", held(never_sent)},
          {"held: was submitted", held(failed_claim())},
          {"held: has a job", held(running_claim())},
          {"held: has a job, and its copy failed", held(copying_claim())},
          {"held: has its video", held(ready_claim())},
          {"held: has its video, and was shown", held(shown)},
          {"held: the register says deliver", held(delivered)},
          {"held: the register says refund", held(refund)},
          {"held: its refund failed", held(bounced)},
          {"held: a person refunded a part", held(in_part)}};
}

// What an order becomes by a command, or the code of its refusal.
std::string becomes(const Claim& claim, CommandKind kind) {
  const Time now =
      start + Policy().settle_time -
      (claim.units[0].empty_lookups == 0 && claim.units[0].state == UnitState::submitting
           ? Duration(1)
           : Duration(0));
  const auto applied = decide(claim, Command{.kind = kind, .url = "https://hand/1.mp4"}, now);
  if (!applied) return fmt::format("`{}`", applied.error().code);
  if (!applied->decision.commit) return "–";
  return state_of(applied->decision.claim);
}

std::string commands_table() {
  std::string text;
  for (const Held& held : commanded_states()) {
    text += fmt::format("| {} |", held.what);
    for (const CommandKind kind : {CommandKind::retry, CommandKind::resubmit, CommandKind::deliver,
                                   CommandKind::refund, CommandKind::erase}) {
      text += fmt::format(" {} |", becomes(held.claim, kind));
    }
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("the document says what a person's commands do") {
  const std::string table = commands_table();
  const std::string document = data_text("../../docs/state-machine.md");
  CHECK_MESSAGE(document.find(table) != std::string::npos, "the table is now:\n", table);
}

TEST_CASE("the order machine's document says what the code does") {
  const std::string table = open_rows() + waiting_rows() + submitting_rows() + running_rows() +
                            copying_rows() + editable_rows() + outcome_rows() + refund_rows();
  const std::string document = data_text("../../docs/state-machine.md");
  CHECK_MESSAGE(document.find(table) != std::string::npos, "the table is now:\n", table);
}

}  // namespace claimcheck::test
