// OrderPass: one pass over one due order. It decides, stores, acts, and begins again, until nothing
// is left to do right now. Each decision is stored before it is acted on. When the store refuses or
// does not answer, the pass ends at once and leaves the order to the next pass; nothing is repeated
// blindly. Lives for one pass, borrows the context.
#pragma once

#include "flow/generation_calls.hpp"
#include "flow/order_in_work.hpp"
#include "flow/payment_calls.hpp"
#include "flow/polls.hpp"
#include "flow/result_copy.hpp"
#include "store/codec.hpp"

#include <set>
#include <string>
#include <vector>

namespace claimcheck {

class OrderPass {
 public:
  OrderPass(Context& context, std::string session_id, Claim claim);
  OrderPass(const OrderPass&) = delete;
  OrderPass& operator=(const OrderPass&) = delete;

  // The whole pass: its steps, then the lists for a person, then the notifications.
  boost::asio::awaitable<PassEnd> run();
  // Like run(), but holds the order in any state instead of working on it.
  boost::asio::awaitable<PassEnd> quarantine();
  // Stores what a person has decided; the note goes into the history alone, `also` into the session
  // value. Nothing is acted on. Errors: the store's; unreadable, when there is no value to put
  // `also` into. `refused`: another version is stored, or the value has changed.
  Async<CommitResult> apply(Decision decision, std::string note,
                            std::vector<MemberChange> also = {});
  const Claim& claim() const { return order_.claim; }

 private:
  boost::asio::awaitable<PassEnd> steps();
  boost::asio::awaitable<PassEnd> hold();
  boost::asio::awaitable<PassEnd> finish(PassEnd end);
  boost::asio::awaitable<Seen> perform(Action action);
  boost::asio::awaitable<Seen> refresh_payment(std::size_t unit);
  bool begun(ActionKind last, ActionKind next) const;
  std::vector<HistoryLine> lines_of(const Decision& decision) const;
  Async<std::optional<ViewWrite>> view_for(const Decision& decision,
                                           std::vector<MemberChange> also);
  Async<CommitResult> commit(const Decision& decision, std::vector<MemberChange> also = {});
  boost::asio::awaitable<void> follow_up(const Claim& before, const Decision& decision);
  // True = the pass has the stored claim now, and the observation still holds for it: decide again.
  boost::asio::awaitable<bool> catch_up(const Observation& seen);
  Async<void> repair_view();

  OrderInWork order_;
  GenerationCalls generation_{order_};
  Polls polls_{order_, generation_};
  ResultCopy copy_{order_};
  PaymentCalls payment_{order_};
  std::set<OrderList> anew_;  // the lists where it began to belong in this pass
};

}  // namespace claimcheck
