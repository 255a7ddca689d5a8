// The outside calls of an order's pass: each turns an action into what was seen.
#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "flow/order_pass.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

bool lists(const std::vector<double>& choices, double wanted) {
  return std::ranges::find(choices, wanted) != choices.end();
}

bool lists(const std::vector<std::string>& choices, const std::string& wanted) {
  return std::ranges::find(choices, wanted) != choices.end();
}

// What stands against generating from this session value, or nothing. Other writers can change it
// until the first submit, so it is held against what the tool sells.
std::string objection(const Tool* tool, const SessionData& session) {
  if (tool == nullptr) return "its tool is no longer configured";
  if (!lists(tool->durations, session.duration)) return "its duration is not for sale";
  if (!lists(tool->resolutions, session.resolution)) return "its resolution is not for sale";
  return {};
}

Unpreparable lost(std::size_t unit, std::string why) {
  return {.unit = unit, .reason = std::move(why), .lost = true};
}

// A session has one payment.
bool is_another_payment(const Claim& claim, const stripe::CheckoutSession& session) {
  return !claim.payment_intent.empty() && !session.payment_intent.empty() &&
         claim.payment_intent != session.payment_intent;
}

// The order waits with all others while the generator takes nothing from anyone.
Submitted paused(std::size_t unit, Duration wait) {
  return {.unit = unit,
          .result = SubmitResult::paused,
          .reason = "the generator takes no orders",
          .retry_after = wait};
}

}  // namespace

boost::asio::awaitable<OrderPass::Seen> OrderPass::perform(Action action) {
  switch (action.kind) {
    case ActionKind::look_at_payment: co_return co_await look_at_payment(action.unit);
    case ActionKind::prepare: co_return co_await prepare(action.unit);
    case ActionKind::submit: co_return co_await submit(action.unit);
    case ActionKind::look_up: co_return co_await look_up(action.unit);
    case ActionKind::poll: co_return co_await poll(action.unit);
    case ActionKind::write_register: co_return co_await write_register(action.unit);
    case ActionKind::allow_refund: co_return co_await allow_refund(action.unit);
    case ActionKind::list_refunds: co_return co_await list_refunds();
    case ActionKind::refund: co_return co_await refund(action.unit);
    case ActionKind::list_disputes: co_return co_await list_disputes();
    case ActionKind::park:
    case ActionKind::finish: break;
  }
  co_return std::nullopt;  // these end a pass; there is nothing to perform
}

bool OrderPass::may_submit(std::size_t unit) const {
  return claim_.state == OrderState::paid && claim_.units[unit].state == UnitState::waiting &&
         claim_.units[unit].registered != Outcome::deliver;
}

// Before a submit that cannot be made Stripe need not be asked.
boost::asio::awaitable<OrderPass::Seen> OrderPass::look_at_payment(std::size_t unit) {
  if (may_submit(unit)) {
    const Result<SubmitLeave> leave =
        co_await context_.store.ask_generator(tag(unit), from_us(claim_.paid_us), false);
    if (!leave) co_return std::nullopt;
    if (leave->wait > Duration(0)) co_return paused(unit, leave->wait);
  }
  co_return co_await read_payment();
}

boost::asio::awaitable<OrderPass::Seen> OrderPass::read_payment() {
  looked_ = context_.clock.steady();  // before the call: the answer is at least that fresh
  const Result<stripe::CheckoutSession> session =
      co_await context_.stripe.retrieve_checkout(id_, stripe::Expand::payment);
  if (!session) {
    looked_.reset();
    log_warn("payment_unclear", {{"session", id_}, {"why", session.error().message}});
    co_return PaymentUnclear{.unknown_session = session.error().code == Errc::not_found};
  }
  if (is_another_payment(claim_, *session)) {
    log_error("answer_about_another", {{"peer", "stripe"},
                                       {"member", "payment_intent"},
                                       {"asked", claim_.payment_intent},
                                       {"told", session->payment_intent}});
    looked_.reset();
    co_return PaymentUnclear();
  }
  buyer_email_ = session->buyer_email;
  const std::optional<PaymentSeen> seen = payment_of(*session);
  if (!seen) {
    log_warn("payment_not_understood", {{"session", id_}, {"status", session->status}});
    co_return PaymentUnclear();
  }
  co_return *seen;
}

boost::asio::awaitable<Result<void>> OrderPass::load_prompt() {
  const Result<SessionBytes> stored = co_await context_.store.read_session(id_);
  if (!stored) co_return fail(stored);
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return fail(session);
  const Tool* tool = context_.catalog.tool(claim_.tool);
  if (tool == nullptr) co_return fail(Errc::unreadable, "its tool is no longer configured");
  if (!session->prompt.empty()) prompt_ = styled_prompt(*tool, session->prompt, session->style);
  prompt_digest_ = stored->digest;
  co_return Result<void>();
}

boost::asio::awaitable<OrderPass::Seen> OrderPass::prepare(std::size_t unit) {
  const Result<SessionBytes> stored = co_await context_.store.read_session(id_);
  if (!stored && stored.error().code == Errc::not_found) {
    co_return lost(unit, "its data is gone from Redis");
  }
  if (!stored) co_return std::nullopt;
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return lost(unit, "its data is unreadable: " + session.error().message);
  if (std::string file = foreign_file(*session, claim_, unit); !file.empty()) {
    Seen news = co_await take_over(unit, std::move(file));
    if (!news || !std::holds_alternative<Looked>(*news)) co_return news;
  }
  const Tool* tool = context_.catalog.tool(claim_.tool);
  const bool delivered = claim_.units[unit].registered == Outcome::deliver;
  const bool prompt_lost = session->prompt.empty();
  if (prompt_lost && !delivered) co_return lost(unit, "its prompt is gone");
  std::string why = objection(tool, *session);
  const auto size = parse_resolution(session->resolution);
  if (why.empty() && !size) why = "its resolution is unreadable";
  if (!why.empty()) co_return Unpreparable{.unit = unit, .reason = std::move(why)};
  if (may_submit(unit)) {
    const Result<SubmitLeave> leave =
        co_await context_.store.ask_generator(tag(unit), from_us(claim_.paid_us), true);
    if (!leave) co_return std::nullopt;
    if (leave->wait > Duration(0)) co_return paused(unit, leave->wait);
    report_ = leave->report;
  }

  if (!prompt_lost) prompt_ = styled_prompt(*tool, session->prompt, session->style);
  prompt_digest_ = stored->digest;
  log_info("order_prepared", {{"session", id_},
                              {"prompt_length", session->prompt.size()},
                              {"videos", claim_.units.size()},
                              {"tool", claim_.tool}});
  Prepared ready;
  ready.unit = unit;
  ready.session_id = id_;
  ready.model = tool->model.empty() ? context_.model : tool->model;
  ready.width = size->first;
  ready.height = size->second;
  ready.duration_s = session->duration;
  if (!prompt_lost) ready.prompt_sha256 = sha256_hex(prompt_);
  co_return ready;
}

// A file stands where only we should write one: our own, from before a claim was lost, or that of
// a second program which fulfils the same orders. Looked = make it ourselves.
boost::asio::awaitable<OrderPass::Seen> OrderPass::take_over(std::size_t unit, std::string file) {
  const Result<std::string> owner = co_await context_.store.job_owner(file);
  if (!owner && owner.error().code != Errc::not_found) co_return std::nullopt;
  if (!owner || *owner != tag(unit)) {
    log_error("second_fulfiller", {{"session", id_}, {"unit", unit}});
  }
  const superduperai::PollAnswer answer = co_await context_.generator.poll(file, 0);
  if (answer.result == PollResult::unclear) co_return paused(unit, context_.policy.unclear_wait);
  if (answer.result == PollResult::missing) co_return Looked();
  const Result<bool> ours = co_await own(file, unit);
  if (!ours) co_return std::nullopt;
  if (!*ours) co_return Looked();
  co_return Adopted{.unit = unit, .job = std::move(file)};
}

superduperai::Job OrderPass::job_of(std::size_t unit) const {
  return {.prompt = prompt_,
          .model = claim_.model,
          .seed = claim_.units[unit].seed,
          .width = claim_.width,
          .height = claim_.height,
          .duration_s = claim_.duration_s,
          .ordered = from_us(claim_.created_us)};
}

boost::asio::awaitable<Result<bool>> OrderPass::own(std::string job, std::size_t unit) {
  const std::string owner = tag(unit);
  const Result<std::string> owns = co_await context_.store.own_job(std::move(job), owner);
  if (!owns) co_return fail(owns);
  failpoint("job.owned");
  co_return *owns == owner;
}

// How long nobody is to try. A store that does not answer costs no more than another try.
boost::asio::awaitable<Duration> OrderPass::tell_breaker(const superduperai::SubmitAnswer& answer) {
  const bool clear = answer.result == SubmitResult::refused;
  if (clear || answer.result == SubmitResult::unclear) {
    const Result<GeneratorPause> pause = co_await context_.store.generator_refused(
        {.reason = answer.reason, .retry_after = answer.retry_after, .clear = clear});
    if (!pause) co_return answer.retry_after;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(pause->wait);
    if (pause->begins) {
      log_error("generator_away", {{"why", answer.reason}, {"wait_s", wait.count()}});
    } else {
      log_warn("generator_refused", {{"why", answer.reason}, {"wait_s", wait.count()}});
    }
    co_return pause->wait;
  }
  if (!report_) co_return Duration(0);
  const Result<Duration> away = co_await context_.store.generator_answered();
  if (away && *away > Duration(0)) {
    log_warn("generator_back",
             {{"away_s", std::chrono::ceil<std::chrono::seconds>(*away).count()}});
  }
  co_return Duration(0);
}

boost::asio::awaitable<OrderPass::Seen> OrderPass::submit(std::size_t unit) {
  failpoint("submit.before_call");
  superduperai::Job job = job_of(unit);
  superduperai::SubmitAnswer answer = co_await context_.generator.submit(std::move(job));
  failpoint("submit.after_call");
  const Duration wait = co_await tell_breaker(answer);
  Submitted seen;
  seen.unit = unit;
  seen.result = answer.result;
  seen.reason = answer.reason;
  seen.retry_after = wait;
  if (answer.result == SubmitResult::accepted) {
    const Result<bool> ours = co_await own(answer.job, unit);
    if (!ours) co_return std::nullopt;
    if (!*ours) seen.result = SubmitResult::taken;
    seen.job = std::move(answer.job);
  }
  co_return seen;
}

boost::asio::awaitable<OrderPass::Seen> OrderPass::look_up(std::size_t unit) {
  const Result<void> loaded = co_await load_prompt();
  const bool redis_failed =
      !loaded && loaded.error().code != Errc::not_found && loaded.error().code != Errc::unreadable;
  if (redis_failed) co_return std::nullopt;
  LookedUp seen;
  seen.unit = unit;
  // Without the very prompt nothing can be recognised, so nothing can be said either; but for what
  // was delivered and has lost its prompt with all else: that is shown, if it is found.
  const std::string digest = prompt_.empty() ? "" : sha256_hex(prompt_);
  const bool delivered = claim_.units[unit].registered == Outcome::deliver;
  if (!loaded || digest != claim_.prompt_sha256 || (digest.empty() && !delivered)) {
    log_warn("look_up_impossible",
             {{"session", id_}, {"unit", unit}, {"why", "its prompt is gone"}});
    co_return seen;
  }
  superduperai::Job job = job_of(unit);
  superduperai::LookUpAnswer answer = co_await context_.generator.look_up(std::move(job));
  seen.result = answer.result;
  if (answer.extras > 0) {
    log_error("extra_generations", {{"session", id_}, {"unit", unit}, {"extras", answer.extras}});
    for (std::size_t i = 0; i < answer.extras; ++i) {
      context_.metrics.count(Counter::units, "extra");
    }
  }
  if (answer.result == LookUpResult::found) {
    const Result<bool> ours = co_await own(answer.job, unit);
    if (!ours) co_return std::nullopt;
    if (!*ours) seen.result = LookUpResult::taken;
    seen.job = std::move(answer.job);
  }
  co_return seen;
}

boost::asio::awaitable<Result<bool>> OrderPass::may_generate_again(std::size_t unit) {
  if (claim_.units[unit].generations >= policy_.generations_max) co_return false;
  const std::int64_t failed = claim_.units[unit].attempt;
  Result<bool> allowed =
      co_await context_.store.allow_again(fmt::format("{}/{}", tag(unit), failed));
  if (allowed && !*allowed) log_warn("no_more_generations", {{"session", id_}, {"unit", unit}});
  co_return allowed;
}

boost::asio::awaitable<OrderPass::Seen> OrderPass::poll(std::size_t unit) {
  std::string job = claim_.units[unit].job;
  const std::int64_t seed = claim_.units[unit].seed;
  superduperai::PollAnswer answer = co_await context_.generator.poll(std::move(job), seed);
  failpoint("poll.after_call");
  Polled seen;
  seen.unit = unit;
  seen.result = answer.result;
  const bool ready = answer.result == PollResult::ready;
  if (ready && co_await context_.generator.lacks_video(answer.url)) {
    log_warn("video_not_there", {{"session", id_}, {"unit", unit}});
    seen.result = PollResult::no_video;
  }
  if (answer.result == PollResult::failed || answer.result == PollResult::missing) {
    const Result<bool> again = co_await may_generate_again(unit);
    if (!again) co_return std::nullopt;
    seen.again = *again;
  }
  seen.url = std::move(answer.url);
  seen.thumbnail_url = std::move(answer.thumbnail_url);
  co_return seen;
}

}  // namespace claimcheck
