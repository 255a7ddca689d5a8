// OrderPass: one pass over one due order: decide, store, act, and again, until there is nothing to
// do right now. Whatever is decided is stored before it is acted on. When the store refuses or
// does not answer, the pass ends at once and leaves the order to whoever finds it next; nothing is
// repeated blindly. Lives for one pass, borrows the context.
#pragma once

#include "domain/news.hpp"
#include "domain/view.hpp"
#include "flow/context.hpp"
#include "store/codec.hpp"

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace claimcheck {

// How a pass ended. Removed: nothing to do any more. Parked: look again after. Abandoned: the store
// did not answer; look again when the lease would end.
struct Removed {};
struct Parked {
  Duration delay;
};
struct Abandoned {};
using PassEnd = std::variant<Removed, Parked, Abandoned>;

class OrderPass {
 public:
  OrderPass(Context& context, std::string session_id, Claim claim);
  boost::asio::awaitable<PassEnd> run();
  // Holds the order, whatever is the matter with it.
  boost::asio::awaitable<PassEnd> quarantine();
  // Lists the order among those that wait for a person, if this pass leaves it so; how it ends
  // then.
  boost::asio::awaitable<PassEnd> list_for_a_person(PassEnd end);
  // Puts the news that this pass has left into the outbox, each once; returns how the pass ends.
  boost::asio::awaitable<PassEnd> tell(PassEnd end);
  // Stores what a person has decided, with the note in its history alone. Nothing is acted on.
  boost::asio::awaitable<Result<CommitResult>> obey(Decision decision, std::string note);
  const Claim& claim() const { return claim_; }

 private:
  // Nothing = the store did not answer; abandon.
  using Seen = std::optional<Observation>;

  boost::asio::awaitable<Seen> perform(Action action);
  bool may_submit(std::size_t unit) const;
  boost::asio::awaitable<Seen> read_payment();
  boost::asio::awaitable<Seen> look_at_payment(std::size_t unit);
  boost::asio::awaitable<Seen> prepare(std::size_t unit);
  boost::asio::awaitable<Seen> take_over(std::size_t unit, std::string file);
  boost::asio::awaitable<Seen> submit(std::size_t unit);
  boost::asio::awaitable<Duration> tell_breaker(const superduperai::SubmitAnswer& answer);
  boost::asio::awaitable<Result<bool>> may_generate_again(std::size_t unit);
  boost::asio::awaitable<Seen> look_up(std::size_t unit);
  boost::asio::awaitable<Seen> poll(std::size_t unit);
  boost::asio::awaitable<Seen> write_register(std::size_t unit);
  boost::asio::awaitable<Seen> allow_refund(std::size_t unit);
  boost::asio::awaitable<Seen> list_refunds();
  boost::asio::awaitable<Seen> refund(std::size_t unit);
  boost::asio::awaitable<Seen> list_disputes();
  boost::asio::awaitable<Result<Outcome>> register_outcome(std::size_t unit, Outcome outcome);
  boost::asio::awaitable<Result<bool>> own(std::string job, std::size_t unit);
  boost::asio::awaitable<Result<void>> load_prompt();
  superduperai::Job job_of(std::size_t unit) const;
  std::string tag(std::size_t unit) const;
  Money price_of(std::size_t unit) const;

  bool begun(ActionKind last, ActionKind next) const;
  std::vector<HistoryLine> lines_of(const Decision& decision) const;
  boost::asio::awaitable<Result<CommitResult>> commit(const Decision& decision);
  // True = the claim is the stored one now, and what was seen still holds of it: decide again.
  boost::asio::awaitable<bool> catch_up(const Observation& seen);
  boost::asio::awaitable<Result<ViewWrite>> view_write(const Claim& claim);
  std::vector<MemberChange> email_change(const SessionData& seen, const Claim& claim) const;
  void keep_foreign_files(const SessionData& seen, const Claim& claim, View& view) const;
  boost::asio::awaitable<Result<void>> repair_view();
  boost::asio::awaitable<void> after_commit(const Claim& before, const Decision& decision);
  boost::asio::awaitable<void> list_anew(OrderList which, const Claim& before);
  boost::asio::awaitable<void> count_delivery();
  boost::asio::awaitable<void> wait_no_more(const Claim& before);
  boost::asio::awaitable<Result<void>> put_out(NewsItem item);
  void alarm(const std::string& why) const;

  Context& context_;
  Policy policy_;  // with what the order's tool has of its own
  std::string id_;
  Claim claim_;
  bool report_ = false;       // the generator's breaker wants to know of the answer to our submit
  std::set<OrderList> anew_;  // where it began to belong in this pass
  std::optional<Duration> looked_;  // steady time of the last look at the payment in this pass
  std::string buyer_email_;         // as Stripe has it; read with the payment
  std::string prompt_;         // as the generator gets it; read when a submit or look-up needs it
  std::string prompt_digest_;  // of the session value it was read from
};

}  // namespace claimcheck
