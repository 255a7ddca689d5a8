#include "flow/view_write.hpp"

#include "base/log.hpp"
#include "domain/names.hpp"
#include "flow/order_view.hpp"
#include "store/codec.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

// A file that another program has put there stays in the view: the unit checks it before its video
// is generated a second time.
boost::asio::awaitable<void> keep_foreign_files(const OrderInWork& order, const SessionData& seen,
                                                const Claim& after, View& view) {
  for (std::size_t i = 0; i < after.units.size() && i < view.files.size(); ++i) {
    std::string file = foreign_file(seen, after, i);
    if (file.empty()) continue;
    // Too late to take it over: the unit has a job of its own, which stays in the view.
    if (has_job(after.units[i])) {
      // The job of an attempt that failed is in the view until the next one has a job.
      const Result<std::string> owner = co_await order.context.store.jobs->job_owner(file);
      const bool unowned = !owner && owner.error().code == Errc::not_found;
      if (unowned || (owner && !owner->starts_with(order.id + "/"))) {
        log_error("second_fulfiller", {{"session", order.id}, {"unit", i}});
      }
      continue;
    }
    if (i == 0) view.file_id = file;
    view.files[i].fileId = std::move(file);
  }
}

// If the order named no address, the one that the buyer gave to Stripe is kept: mails go there, and
// the order is found by it. Never after the end of the order: a person may have erased the address.
// An expired checkout is read at Stripe only once, so that pass may keep the address.
std::vector<MemberChange> email_change(const OrderInWork& order, const SessionData& seen,
                                       const Claim& after) {
  const bool known = !seen.customerEmail.value_or("").empty();
  const bool ended = is_terminal(after.state) && !after.recoverable;
  if (known || order.buyer_email.empty() || ended) return {};
  return {{"customerEmail", json_text(order.buyer_email)}};
}

// The same for the shop's own data, of a checkout that the shop's own site has made.
std::vector<MemberChange> shop_changes(const OrderInWork& order, const SessionData& seen,
                                       const Claim& after) {
  std::vector<MemberChange> changes;
  if (is_terminal(after.state)) return changes;
  if (!seen.reference && !order.reference.empty()) {
    changes.push_back({.name = "reference", .json = json_text(order.reference)});
  }
  if (!seen.metadata && !order.metadata.empty()) {
    changes.push_back({.name = "metadata", .json = json_metadata(order.metadata)});
  }
  return changes;
}

// The value of a checkout that the shop's own site has made names no price.
std::vector<MemberChange> price_change(const SessionData& seen, const Claim& after) {
  if (seen.priceId || after.price.empty()) return {};
  return {{"priceId", json_text(after.price)}};
}

// Of a value that was made when its tool sold something else, or by the shop's own site, whose
// own member of that name stays where the files are videos.
std::vector<MemberChange> media_change(const SessionData& seen, const Claim& after) {
  const auto told = from_name<MediaKind>(seen.media.value_or("")).value_or(MediaKind::video);
  if (told == after.media) return {};
  return {{"media", json_text(name_of(after.media))}};
}

// For a buyer who comes too late. Only in the pass that reads the expiry at Stripe: a view that is
// written again later has none, and the page then leads to the shop.
std::vector<MemberChange> recovery_change(const OrderInWork& order, const Claim& after) {
  if (after.state != OrderState::expired || order.recovery_url.empty()) return {};
  return {{"recoveryUrl", json_text(order.recovery_url)}};
}

}  // namespace

Async<ViewWrite> view_write(const OrderInWork& order, const Claim& after,
                            std::vector<MemberChange> also) {
  View view = view_of(after);
  const Result<SessionBytes> stored = co_await order.session();
  const bool gone = !stored && stored.error().code == Errc::not_found;
  if (!stored && !gone) co_return fail(stored);

  const std::string bytes =
      gone ? encode_session(rebuilt_session(after, order.context.catalog)) : stored->bytes;
  std::vector<MemberChange> added = recovery_change(order, after);
  // A value that cannot be decoded is no error here: the splice below decides whether it can be
  // written.
  if (const Result<SessionData> seen = decode_session(bytes)) {
    co_await keep_foreign_files(order, *seen, after, view);
    std::ranges::move(email_change(order, *seen, after), std::back_inserter(added));
    std::ranges::move(shop_changes(order, *seen, after), std::back_inserter(added));
    std::ranges::move(price_change(*seen, after), std::back_inserter(added));
    std::ranges::move(media_change(*seen, after), std::back_inserter(added));
    if (seen->prompt.size() <= unpaid_prompt_bytes_max) view.drop_prompt = false;
  }
  std::vector<MemberChange> changes = changes_of(view, order.context.clock.now());
  std::ranges::move(added, std::back_inserter(changes));
  const bool guarded = !also.empty();
  std::ranges::move(also, std::back_inserter(changes));
  Result<std::string> spliced = splice_session(bytes, changes);
  if (!spliced) {
    log_error("session_unreadable", {{"session", order.id}, {"why", spliced.error().message}});
    co_return fail(spliced);
  }
  // With the digest of what was read: the script does not overwrite what another writer has put
  // there meanwhile.
  ViewWrite write;
  if (!gone) write.digest = stored->digest;
  write.bytes = std::move(*spliced);
  write.guarded = guarded;
  co_return write;
}

}  // namespace claimcheck
