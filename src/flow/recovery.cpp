#include "flow/recovery.hpp"

#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "domain/view.hpp"
#include "flow/continued.hpp"
#include "flow/money_counts.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"
#include "flow/whose.hpp"
#include "store/codec.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace claimcheck {

namespace {

// An unpaid session without a claim may still be paid: it is read again until it expires.
constexpr Duration open_wait = std::chrono::minutes(10);

// Why a person must decide about a paid order without a claim; empty = its claim was lost.
std::string unknown_because(Time created, const Result<Time>& born, Time now, Duration claim_life) {
  constexpr Duration clocks_differ = std::chrono::minutes(5);
  if (!born || created <= *born)
    return "paid before this Redis was first used, and not known in it";
  if (created + claim_life - clocks_differ > now) return {};
  return "paid longer ago than claims are kept, and not known any more";
}

bool every_unit_registered(const Claim& claim, const std::vector<Outcome>& registered) {
  return registered.size() >= claim.units.size() &&
         std::ranges::count(registered.begin(), registered.begin() + std::ssize(claim.units),
                            Outcome::none) == 0;
}

// What Stripe, the session value and the register say about a paid order without a claim.
struct Recovered {
  Claim claim;
  std::string doubt;  // why a person must decide; empty = none
  std::string why;    // for its history
  // No alarm: the shop's own site sells so, it continues an order, or the register shows its end.
  bool ordinary = true;
};

// What the buyer ordered: the order's own session value, or else the one that it continues.
struct Ordered {
  std::optional<SessionData> known;
  std::optional<Original> original = {};

  std::optional<SessionData> value() const {
    return original ? std::optional(original->order) : known;
  }
};

std::string why_recovered(const stripe::CheckoutSession& session, const Ordered& ordered) {
  if (ordered.original) return "paid; continues " + ordered.original->session_id;
  if (ordered.known) return "paid; taken over from its session value";
  if (session.recovered_from.empty()) return "paid, but Redis had no claim of it";
  return "paid; it continues an expired checkout whose prompt is not kept any more";
}

Recovered recovered_from(const Context& context, const stripe::CheckoutSession& session,
                         const Ordered& ordered, const Result<Time>& born) {
  const Time now = context.clock.now();
  const Time created = from_unix_s(session.created);
  const std::string unknown = unknown_because(created, born, now, context.policy.claim_life);
  Owed owed = owed_for(session, ordered.value(), context.catalog, now);
  Recovered found{.claim = std::move(owed.claim), .doubt = owed.doubt};
  const bool over = !unknown.empty() && every_unit_registered(found.claim, session.registered);
  if (over) found.claim.notified = all_notified;  // it was over before, so nobody is notified again
  if (!unknown.empty() && !over) found.doubt = unknown;
  if (!found.doubt.empty()) {
    found.claim.state = OrderState::held;
    found.claim.reason = found.doubt;
  }
  found.why = !found.doubt.empty() ? found.doubt
              : over               ? "over, and lost by Redis; rebuilt from the register"
                                   : why_recovered(session, ordered);
  found.ordinary = found.doubt.empty() && (ordered.value() || over);
  return found;
}

// What makes the original's value the value of the order that continues it. All choices stay as
// they are stored, also those that only the shop's site knows.
std::vector<MemberChange> to_continue(const Original& original, const Claim& claim) {
  return {{"createdAt", json_text(to_iso(from_us(claim.created_us)))},
          {"recoveryUrl", std::nullopt},
          {"continues", json_text(original.session_id)}};
}

// The session value that is written if Redis has none: it shows the state of the recovered claim.
std::string session_value_of(const Context& context, const Claim& claim,
                             const std::optional<Original>& original,
                             const stripe::CheckoutSession& session) {
  SessionData shown = original ? original->order : rebuilt_session(claim, context.catalog);
  std::vector<MemberChange> changes;
  if (original) changes = to_continue(*original, claim);
  if (!session.buyer_email.empty() && shown.customerEmail.value_or("").empty()) {
    changes.push_back({"customerEmail", json_text(session.buyer_email)});
  }
  // The original's value has its own, and what it lacks is added with the next view.
  if (!session.reference.empty()) shown.reference = session.reference;
  if (!session.metadata.empty()) shown.metadata = session.metadata;
  std::ranges::move(changes_of(view_of(claim), context.clock.now()), std::back_inserter(changes));
  const Result<std::string> bytes =
      splice_session(original ? original->bytes : encode_session(shown), changes);
  return bytes.value_or("");
}

// An order may have been delivered already, without a trace here: if it is from before this Redis
// was first used, or older than claims are kept. Then a person decides, unless the register says
// that all of its units have ended. A younger order goes the usual way: without a prompt its money
// goes back.
boost::asio::awaitable<PassEnd> recover_paid(Context& context, std::string session_id,
                                             stripe::CheckoutSession session,
                                             std::optional<Original> original) {
  const Result<Time> born = co_await context.store.marks->born();
  if (!born && born.error().code != Errc::not_found) co_return Abandoned();
  const auto known = co_await known_session(*context.store.sessions, session_id);
  if (!known) co_return Abandoned();
  // A value of its own, which the shop's site may have written, is newer than the original's.
  if (*known) original.reset();
  const Ordered ordered{.known = *known, .original = std::move(original)};
  Recovered found = recovered_from(context, session, ordered, born);
  if (found.claim.notified == all_notified) {
    log_info("order_over", {{"session", session_id}, {"why", "the register knows every video"}});
  }
  NewOrder order;
  order.session_id = session_id;
  order.claim = found.claim;
  order.line = {.when = context.clock.now(),
                .from = "",
                .to = std::string(name_of(found.claim.state)),
                .why = found.why};
  order.session = session_value_of(context, found.claim, ordered.original, session);
  // create() writes nothing over a claim that another process has recovered first. So the result
  // does not matter, only that Redis has answered.
  const Result<bool> made = co_await context.store.orders->create(std::move(order));
  if (!made) co_return Abandoned();
  // From here on the order has a claim; what follows only helps to find it.
  co_await index_order(context, session_id, found.claim, session.buyer_email, session.reference);
  const Result<void> listed =
      co_await context.store.lists->remember(session_id, from_unix_s(session.created));
  if (!listed) log_warn("order_not_listed", {{"session", session_id}});
  const bool held = !found.doubt.empty();
  log(found.ordinary ? LogLevel::info : LogLevel::error, held ? "order_held" : "order_recovered",
      {{"session", session_id}, {"why", found.why}});
  context.metrics.count(Counter::orders, held ? "held" : "adopted");
  // A sale from before this Redis was counted then, or is none of today.
  const bool over = found.claim.notified == all_notified;
  if (*made && !held && !over) count_sale(context, found.claim);
  co_return Parked{Duration(0)};  // the next pass goes on with it, or lists it as held
}

}  // namespace

boost::asio::awaitable<PassEnd> recover_order(Context& context, std::string session_id) {
  Result<stripe::CheckoutSession> session =
      co_await context.stripe.retrieve_checkout(session_id, stripe::Expand::payment_and_line_items);
  // Anybody can ask for any id, so an id that Stripe does not know is nothing unusual.
  if (!session && session.error().code == Errc::not_found) co_return Removed();
  if (!session) co_return Parked{context.policy.unclear_wait};

  const std::optional<PaymentSeen> seen = payment_of(*session);
  const bool paid = seen && seen->state == PaymentState::paid;
  const Result<bool> ours =
      co_await is_ours(*context.store.sessions, context.catalog, session_id, session->tool);
  if (!ours) co_return Abandoned();
  Result<std::optional<Original>> original = std::nullopt;
  if (paid) original = co_await original_of(context, *session);
  // Without the original the money would go back, so nothing is decided before it can be looked
  // for.
  if (!original) co_return Parked{context.policy.unclear_wait};
  // What continues an order of ours is ours, also without metadata.
  if (!*ours && !*original) {
    context.metrics.count(Counter::orders, "foreign");
    log_info("order_foreign", {{"session", session_id}});
    co_return Removed();
  }
  // Ownership is checked before the payment: a paid session of another product must not get a
  // claim.
  if (paid) {
    co_return co_await recover_paid(context, session_id, std::move(*session), std::move(*original));
  }
  if (session->status == "expired") co_return Removed();
  co_return Parked{open_wait};
}

}  // namespace claimcheck
