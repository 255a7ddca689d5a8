#include "flow/operator_action.hpp"

#include "base/failpoint.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/operators.hpp"
#include "flow/commit_and_wake.hpp"
#include "flow/wake.hpp"
#include "net/http/http.hpp"
#include "store/codec.hpp"
#include "store/search_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

using Answer = std::expected<ActionDone, Refusal>;

// When another write came between, the command is applied to what is stored then, once more.
constexpr int tries_max = 2;

std::unexpected<Refusal> store_failed(const Error& error) {
  if (error.code == Errc::not_found) {
    return std::unexpected(Refusal{RefusalKind::unknown, "not_found", "no such order", "", {}});
  }
  if (error.code == Errc::unreadable) {
    return std::unexpected(Refusal{RefusalKind::unreadable,
                                   "unreadable",
                                   "this order's data cannot be read: " + error.message,
                                   "",
                                   {}});
  }
  return std::unexpected(
      Refusal{RefusalKind::store_unavailable, "store_unavailable",
              "the order store did not answer: look at the order whether it was done", "",
              std::chrono::seconds(2)});
}

std::unexpected<Refusal> rejected(const Rejected& answer) {
  // A unit that does not exist is a mistake in the request. All else depends on the order's state
  // and may be possible later.
  const bool of_unit = answer.code == "no_such_unit" || answer.code == "unit_missing";
  return std::unexpected(Refusal{of_unit ? RefusalKind::invalid : RefusalKind::conflict,
                                 answer.code,
                                 answer.why,
                                 of_unit ? "unit" : "",
                                 {}});
}

// Printable ASCII without characters that have a meaning in a page or a header. No user name and no
// password either: the buyer would see them.
bool is_video_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || url.size() > video_url_bytes_max) return false;
  const auto odd = [](char c) {
    return c <= ' ' || c > '~' || std::string_view("\"<>\\^`{|}").contains(c);
  };
  if (std::ranges::any_of(url, odd)) return false;
  const std::string_view authority = url_authority(url);
  return !authority.empty() && authority.front() != ':' && !authority.contains('@');
}

// One line of valid Unicode, since terminals and pages print it.
bool is_one_line(std::string_view text) {
  if (!json::parse(json::print(text))) return false;
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(text, control)) return false;
  // These break a line too, in a terminal or in a script.
  for (const std::string_view breaks : {"\u0085", "\u2028", "\u2029"}) {
    if (text.contains(breaks)) return false;
  }
  return true;
}

// The words under which the search finds the order by what is in its value.
std::vector<std::string> words_of(const Result<SessionData>& session) {
  std::vector<std::string> words;
  if (!session) return words;
  if (const std::string email = session->customerEmail.value_or(""); !email.empty()) {
    words.push_back(email_word(email));
  }
  if (session->reference) words.push_back(reference_word(*session->reference));
  return words;
}

// Blanks the session value; the history says so only afterwards. `refused`: another write came
// between.
boost::asio::awaitable<Result<CommitResult>> erase(Context& context, std::string session_id,
                                                   Decision decision, std::string note) {
  const Time now = context.clock.now();
  const Result<SessionBytes> stored = co_await context.store.sessions->read_session(session_id);
  if (stored) {
    // The words are read before they are blanked: the search index names the order by them, and
    // those entries must go first, or nobody could find them after a crash.
    for (std::string& word : words_of(decode_session(stored->bytes))) {
      const Result<void> forgotten =
          co_await context.store.words->forget_word(std::move(word), session_id);
      if (!forgotten) co_return fail(forgotten);
    }
    Result<std::string> blank = without_personal_data(stored->bytes);
    if (blank) blank = splice_session(*blank, {{"timestamp", json_text(to_iso(now))}});
    if (!blank) co_return fail(blank);
    // With the digest of what was read: a part that another writer adds meanwhile must be erased as
    // well, so the command is then tried again.
    const Result<UpdateResult> written = co_await context.store.sessions->write_session(
        session_id, stored->digest, std::move(*blank));
    if (!written) co_return fail(written);
    if (*written != UpdateResult::done) co_return CommitResult::refused;
  } else if (stored.error().code != Errc::not_found) {
    co_return fail(stored);
  }
  // The claim is written last. After a crash here the history has no line about the erasure, and
  // the person repeats the command; a second erasure changes nothing.
  failpoint("erase.before_commit");
  OrderPass order(context, std::move(session_id), decision.claim);
  co_return co_await order.apply(std::move(decision), std::move(note));
}

boost::asio::awaitable<Answer> look_again(Context& context, std::string session_id, Claim claim) {
  const Result<void> woken = co_await wake(context, session_id);
  if (!woken) co_return store_failed(woken.error());
  co_return ActionDone{.claim = std::move(claim), .units = {}, .left_out = {}};
}

// Nothing = another write came between.
boost::asio::awaitable<std::optional<Answer>> attempt(Context& context, std::string session_id,
                                                      OperatorAction action) {
  const CommandKind kind = action.command.kind;
  Result<Claim> claim = co_await context.store.orders->load(session_id);
  if (!claim) co_return store_failed(claim.error());
  if (action.version && *action.version != claim->version) {
    co_return std::unexpected(Refusal{RefusalKind::conflict,
                                      "changed",
                                      "the order has changed since it was shown: look at it again",
                                      "",
                                      {}});
  }
  // The rules are checked before anything is written: a rejected command leaves no trace in Redis.
  auto applied = decide(*claim, action.command, context.clock.now(), context.policy);
  if (!applied) co_return rejected(applied.error());
  // Nothing is decided here, so there is nothing to store.
  if (kind == CommandKind::look) co_return co_await look_again(context, session_id, *claim);

  if (kind == CommandKind::erase) {
    const auto erased = co_await erase(context, session_id, applied->decision, action.note);
    if (!erased) co_return store_failed(erased.error());
    if (*erased == CommitResult::refused) co_return std::nullopt;
    claim->version += 1;
    co_return ActionDone{.claim = std::move(*claim), .units = {}, .left_out = {}};
  }
  OrderPass order(context, session_id, std::move(*claim));
  const auto stored = co_await commit_and_wake(
      context, session_id, order, std::move(applied->decision), std::move(action.note));
  if (!stored) co_return store_failed(stored.error());
  if (*stored == CommitResult::refused) co_return std::nullopt;
  co_return ActionDone{.claim = order.claim(),
                       .units = std::move(applied->units),
                       .left_out = std::move(applied->left_out)};
}

void tell(const std::string& session_id, CommandKind kind, const std::string& by,
          const Answer& answer) {
  if (answer) {
    log_info("operator_action", {{"session", session_id},
                                 {"action", name_of(kind)},
                                 {"units", fmt::format("{}", fmt::join(answer->units, ","))},
                                 {"version", answer->claim.version},
                                 {"by", by}});
  } else {
    log_warn("operator_action_refused", {{"session", session_id},
                                         {"action", name_of(kind)},
                                         {"code", answer.error().code},
                                         {"by", by}});
  }
}

}  // namespace

std::expected<OperatorAction, Refusal> read_action(OperatorWords words) {
  OperatorAction action;
  const auto kind = from_name<CommandKind>(words.action);
  if (!kind) {
    return invalid("action", "action must be look, retry, resubmit, deliver, refund or erase");
  }
  action.command.kind = *kind;
  const bool whole = kind == CommandKind::look || kind == CommandKind::erase;
  if (words.unit) {
    if (whole) return invalid("unit", fmt::format("{} is of the whole order", name_of(*kind)));
    if (*words.unit < 0) return invalid("unit", "unit must be 0 or more");
    if (words.all) return invalid("unit", "either one video or all, not both");
    action.command.unit = static_cast<std::size_t>(*words.unit);
  }
  const bool for_all = kind == CommandKind::retry || kind == CommandKind::refund;
  if (words.all && !for_all) {
    return invalid("all", fmt::format("{} is not for all videos at once", name_of(*kind)));
  }
  action.command.all = words.all;
  if (kind == CommandKind::deliver && !is_video_url(words.url)) {
    return invalid("url", fmt::format("url must be an https address of at most {} characters, "
                                      "without a user or password",
                                      video_url_bytes_max));
  }
  if (kind != CommandKind::deliver && !words.url.empty()) {
    return invalid("url", "url is only for deliver");
  }
  action.command.url = std::move(words.url);
  if (words.note.size() > note_bytes_max || !is_one_line(words.note)) {
    return invalid("note", fmt::format("note must be one line of at most {} bytes of Unicode",
                                       note_bytes_max));
  }
  action.note = std::move(words.note);
  return action;
}

boost::asio::awaitable<Answer> carry_out(Context& context, std::string session_id,
                                         OperatorAction action) {
  const CommandKind kind = action.command.kind;
  const std::string by =
      action.command.by.empty() ? std::string(unnamed_operator) : action.command.by;
  Answer answer = std::unexpected(Refusal{
      RefusalKind::conflict, "changing", "the order changes all the time: try again", "", {}});
  for (int i = 0; i < tries_max; ++i) {
    auto done = co_await attempt(context, session_id, action);
    if (!done) continue;
    answer = std::move(*done);
    break;
  }
  tell(session_id, kind, by, answer);
  co_return answer;
}

std::string_view consequence(CommandKind kind) {
  switch (kind) {
    case CommandKind::look: return "it is looked at now";
    case CommandKind::retry: return "it goes on; what fails again is refunded or held as before";
    case CommandKind::resubmit: return "one more generation is bought for it";
    case CommandKind::deliver: return "its delivery is registered at Stripe, then it is shown";
    case CommandKind::refund: return "its refund is registered at Stripe, then made";
    case CommandKind::erase: return "prompt, e-mail address and other writers' members are gone";
  }
  return "";
}

}  // namespace claimcheck
