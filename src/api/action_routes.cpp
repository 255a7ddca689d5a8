#include "api/action_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/operator_action.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <expected>

namespace claimcheck {

namespace {

// For one request. So many decisions take some seconds.
constexpr std::size_t waiting_refunded_max = 500;
constexpr std::size_t held_retried_max = 500;

// The whole reason must match: orders that another cause has held need another decision.
bool is_held_for(const Claim& claim, std::string_view reason) {
  if (claim.state == OrderState::held && claim.reason == reason) return true;
  return std::ranges::any_of(claim.units, [reason](const Unit& unit) {
    return unit.state == UnitState::held && unit.reason == reason;
  });
}

using Words = std::expected<OperatorWords, Refusal>;

std::unexpected<Refusal> unreadable(std::string code, std::string message, std::string member) {
  Refusal refusal{.kind = RefusalKind::invalid};
  refusal.code = std::move(code);
  refusal.message = std::move(message);
  refusal.param = std::move(member);
  return std::unexpected(std::move(refusal));
}

std::unexpected<Refusal> of_another_type(const std::string& member, std::string_view what) {
  return unreadable("invalid_" + member, fmt::format("{} {}", member, what), member);
}

// An unknown member is refused, not ignored: a misspelled `unit` could refund another video.
Words read_words(std::string_view body) {
  const Result<boost::json::object> members = json::parse_body(body);
  if (!members) return unreadable("invalid_json", members.error().message, "");
  OperatorWords words;
  for (const auto& [key, value] : *members) {
    const std::string name(key);
    std::string* text = nullptr;
    if (name == "action") text = &words.action;
    if (name == "url") text = &words.url;
    if (name == "note") text = &words.note;
    if (text != nullptr) {
      if (!value.is_string()) return of_another_type(name, "must be a string");
      *text = std::string(value.get_string());
    } else if (name == "unit") {
      words.unit = json::integer(value);
      if (!words.unit) return of_another_type(name, "must be a whole number");
    } else if (name == "all") {
      if (!value.is_bool()) return of_another_type(name, "must be true or false");
      words.all = value.get_bool();
    } else {
      return unreadable("unknown_member", "this member is not known", name.substr(0, 64));
    }
  }
  return words;
}

DecidedClaim decided(const Claim& claim) {
  DecidedClaim answer{
      .state = claim.state, .version = claim.version, .reason = claim.reason, .units = {}};
  for (const Unit& unit : claim.units) {
    answer.units.push_back({.state = unit.state, .reason = unit.reason});
  }
  return answer;
}

DecisionAnswer answer_of(CommandKind kind, const ActionDone& done) {
  DecisionAnswer answer{.what = std::string(consequence(kind)),
                        .units = done.units,
                        .videos = {},
                        .left_out = {},
                        .claim = decided(done.claim)};
  for (const std::size_t unit : done.units) answer.videos.push_back(video_number(unit));
  if (!done.left_out.empty()) answer.left_out = done.left_out;
  return answer;
}

}  // namespace

Answer ActionRoutes::decide(HttpRequest request, std::string session_id, Caller caller) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  Words words = read_words(request.body);
  if (!words) co_return refusal_response(words.error());
  auto action = read_action(std::move(*words));
  if (!action) co_return refusal_response(action.error());
  action->command.by = caller.by();
  // Kept, since the action is moved away below.
  const CommandKind kind = action->command.kind;
  const auto done = co_await carry_out(context_, std::move(session_id), std::move(*action));
  if (!done) co_return refusal_response(done.error());
  co_return json_response(200, answer_of(kind, *done));
}

Answer ActionRoutes::release_breaker(Caller caller) {
  const Result<bool> released = co_await context_.store.refunds->release_refunds();
  if (!released) co_return store_error_response(released.error());
  // Logged also when the breaker was closed: counting begins anew in any case.
  log_info("operator_action",
           {{"action", "release_breaker"}, {"was_open", *released}, {"by", caller.name}});
  co_return json_response(200, BreakerAnswer{.was_open = *released});
}

Answer ActionRoutes::pause_checkout(Caller caller) {
  const Result<bool> paused = co_await context_.store.gate->pause_checkout(caller.name);
  if (!paused) co_return store_error_response(paused.error());
  if (*paused) context_.metrics.count(Counter::checkout_pauses, "operator");
  log_warn("operator_action",
           {{"action", "pause_checkout"}, {"changed", *paused}, {"by", caller.name}});
  co_return json_response(200, CheckoutPauseAnswer{.paused = true, .changed = *paused});
}

Answer ActionRoutes::resume_checkout(Caller caller) {
  const Result<bool> resumed = co_await context_.store.gate->resume_checkout();
  if (!resumed) co_return store_error_response(resumed.error());
  log_warn("operator_action",
           {{"action", "resume_checkout"}, {"changed", *resumed}, {"by", caller.name}});
  co_return json_response(200, CheckoutPauseAnswer{.paused = false, .changed = *resumed});
}

// Retries each order that was held for this very reason, or has a video that was, as if each were
// retried alone.
Answer ActionRoutes::retry_held(HttpRequest request, Caller caller) {
  // The reason is the text of the list, so the page sends back what it was given.
  const Result<boost::json::value> body = json::parse(request.body);
  const std::string reason(body ? json::text_at(*body, "reason") : std::string_view());
  if (reason.empty()) {
    co_return error_response(400, "name the reason: {\"reason\": …}", "invalid_body", "reason");
  }
  // The list is a hint of what is held; each claim decides below.
  const auto held = co_await context_.store.lists->list(OrderList::held, {}, held_retried_max);
  if (!held) co_return store_error_response(held.error());
  std::vector<std::string> ids;
  for (const ListedOrder& listed : *held) ids.push_back(listed.session_id);
  const auto claims = co_await context_.store.orders->load_all(ids);
  if (!claims) co_return store_error_response(claims.error());
  std::size_t retried = 0;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Result<Claim>& claim = claims->at(i);
    // A claim that cannot be read is no reason to leave the others held.
    if (!claim || !is_held_for(*claim, reason)) continue;
    // Through the same reader and story as a single decision, with the same lines in each history.
    auto action = read_action({.action = std::string(name_of(CommandKind::retry))});
    if (!action) co_return refusal_response(action.error());
    action->command.by = caller.by();
    const auto done = co_await carry_out(context_, ids[i], std::move(*action));
    // Without Redis the other orders would fail as well. Any other refusal concerns this order
    // alone.
    if (!done && done.error().kind == RefusalKind::store_unavailable) {
      co_return refusal_response(done.error());
    }
    ++(done ? retried : left_out);
  }
  // One line more for the whole, as a warning: it changes many orders at once.
  log_warn("operator_action",
           {{"action", "retry_held"}, {"retried", retried}, {"by", caller.name}});
  co_return json_response(200, RetriedAnswer{.retried = retried, .leftOut = left_out});
}

// Refunds every video that waits for the generator, by one decision for each.
Answer ActionRoutes::refund_waiting(HttpRequest request, Caller caller) {
  Words words = read_words(request.body);
  if (!words) co_return refusal_response(words.error());
  // The body may hold a note; which videos it is about is decided by the queue alone.
  words->action = name_of(CommandKind::refund);
  // One more than is refunded here: it shows whether there are more.
  std::vector<std::pair<std::string, std::string>> units;  // generator and unit
  for (const GeneratorOptions& generator : context_.generators.all()) {
    const auto waiting = co_await context_.store.generator->waiting_for_generator(
        generator.name, waiting_refunded_max + 1);
    if (!waiting) co_return store_error_response(waiting.error());
    for (const std::string& unit : *waiting) units.emplace_back(generator.name, unit);
  }
  const bool more = units.size() > waiting_refunded_max;
  std::size_t refunded = 0;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < std::min(units.size(), waiting_refunded_max); ++i) {
    const auto& [generator, waiting] = units.at(i);
    const std::size_t slash = waiting.rfind('/');  // "<session id>/<unit>"
    // A video that is made meanwhile, here or elsewhere, must not be refunded by this.
    const auto index = number_in<std::size_t>(waiting.substr(slash + 1));
    const Result<Claim> claim = co_await context_.store.orders->load(waiting.substr(0, slash));
    if (!claim && claim.error().code != Errc::not_found) {
      co_return store_error_response(claim.error());
    }
    if (!claim || !index || *index >= claim->units.size() ||
        !waits_for_generator(claim->units[*index])) {
      ++left_out;
      const Result<void> dropped =
          co_await context_.store.generator->wait_no_more(generator, waiting);
      if (!dropped) co_return store_error_response(dropped.error());
      continue;
    }
    OperatorWords one = *words;
    one.unit = std::stoll(waiting.substr(slash + 1));
    auto action = read_action(std::move(one));
    if (!action) co_return refusal_response(action.error());
    action->command.by = caller.by();
    const auto done = co_await carry_out(context_, waiting.substr(0, slash), std::move(*action));
    if (!done && done.error().kind == RefusalKind::store_unavailable) {
      co_return refusal_response(done.error());
    }
    ++(done ? refunded : left_out);
    if (done) continue;
    // It was refused, so it no longer waits: it was refunded or delivered meanwhile, or is being
    // submitted. Without this the next request would find the same ones again.
    const Result<void> dropped =
        co_await context_.store.generator->wait_no_more(generator, waiting);
    if (!dropped) co_return store_error_response(dropped.error());
  }
  log_warn("operator_action",
           {{"action", "refund_waiting"}, {"refunded", refunded}, {"by", caller.name}});
  co_return json_response(200,
                          RefundedAnswer{.refunded = refunded, .leftOut = left_out, .more = more});
}

}  // namespace claimcheck
