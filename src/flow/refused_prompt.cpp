#include "flow/refused_prompt.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "flow/commit_and_wake.hpp"
#include "flow/model_limits.hpp"
#include "flow/order_request.hpp"
#include "store/codec.hpp"

#include <utility>

namespace claimcheck {

namespace {

// When another write came between, the rules are applied to what is stored then, once more.
constexpr int tries_max = 2;

std::unexpected<Refusal> refuse(RefusalKind kind, std::string code, std::string message) {
  return std::unexpected(Refusal{kind, std::move(code), std::move(message), "", {}});
}

std::unexpected<Refusal> invalid_prompt(std::string code, std::string message) {
  return std::unexpected(
      Refusal{RefusalKind::invalid, std::move(code), std::move(message), "prompt", {}});
}

std::unexpected<Refusal> store_failed(const Error& error) {
  if (error.code == Errc::not_found) {
    return refuse(RefusalKind::unknown, "not_found", "we know no order with this session id");
  }
  if (error.code == Errc::unreadable) {
    return refuse(RefusalKind::unreadable, "unreadable",
                  "this order's data cannot be read; write to us with its number");
  }
  Refusal refusal{.kind = RefusalKind::store_unavailable};
  refusal.code = "store_unavailable";
  refusal.message = "the order store did not answer: look at the order whether it was done";
  refusal.retry_after = std::chrono::seconds(2);
  return std::unexpected(std::move(refusal));
}

std::unexpected<Refusal> rejected(const Rejected& answer) {
  return refuse(RefusalKind::conflict, answer.code, answer.why);
}

// The order as the screening is asked about it, with the other prompt.
OrderRequest ordered(const Claim& claim, const SessionData& session, const Tool& tool,
                     const std::string& prompt) {
  OrderRequest order;
  order.price.id = claim.price;
  order.tool = tool;
  order.tool_slug = session.toolSlug;
  order.tool_title = session.toolTitle;
  order.quantity = claim.quantity;
  order.prompt = prompt;
  order.duration = session.duration;
  order.resolution = session.resolution;
  order.style = session.style;
  order.locale = session.locale.value_or("");
  order.reference = session.reference.value_or("");
  return order;
}

}  // namespace

// The digest of the prompt as it would go to the generator.
boost::asio::awaitable<std::expected<std::string, Refusal>> RefusedPrompt::check(
    const std::string& session_id, const std::string& prompt) {
  if (const auto wrong = objection_to_text(prompt)) co_return std::unexpected(*wrong);
  const Result<Claim> claim = co_await context_.store.orders->load(session_id);
  if (!claim) co_return store_failed(claim.error());
  const Result<SessionBytes> stored = co_await context_.store.sessions->read_session(session_id);
  if (!stored) co_return store_failed(stored.error());
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return store_failed(session.error());
  const Tool* tool = context_.catalog.tool(claim->tool);
  if (tool == nullptr) {
    co_return refuse(RefusalKind::conflict, "not_for_sale", "the shop does not sell this any more");
  }
  const std::string styled = styled_prompt(*tool, prompt, session->style);
  if (auto why = objection_to_prompt(context_.generators, context_.catalog, *tool, styled)) {
    co_return invalid_prompt("prompt_too_long", std::move(*why));
  }
  std::string digest = sha256_hex(styled);
  // Before the shop is asked.
  const auto possible = edit_prompt(*claim, digest, context_.clock.now(), context_.policy);
  if (!possible) co_return rejected(possible.error());
  if (screening_ == nullptr) co_return digest;
  const auto screened = co_await screening_->screen(ordered(*claim, *session, *tool, prompt));
  if (!screened) co_return std::unexpected(screened.error());
  co_return digest;
}

boost::asio::awaitable<RefusedPrompt::Done> RefusedPrompt::edit(std::string session_id,
                                                                std::string prompt) {
  const auto digest = co_await check(session_id, prompt);
  if (!digest) co_return std::unexpected(digest.error());
  Decide decide = [this, digest = *digest](const Claim& claim, const Policy& policy) {
    return edit_prompt(claim, digest, context_.clock.now(), policy);
  };
  std::vector<MemberChange> also = {{"prompt", json_text(prompt)}};
  co_return co_await store(std::move(session_id), "prompt_edited", std::move(decide),
                           std::move(also));
}

boost::asio::awaitable<RefusedPrompt::Done> RefusedPrompt::decline(std::string session_id) {
  Decide decide = [this](const Claim& claim, const Policy& policy) {
    return decline_edit(claim, context_.clock.now(), policy);
  };
  co_return co_await store(std::move(session_id), "prompt_edit_declined", std::move(decide), {});
}

boost::asio::awaitable<RefusedPrompt::Done> RefusedPrompt::store(std::string session_id,
                                                                 std::string_view what,
                                                                 Decide decide,
                                                                 std::vector<MemberChange> also) {
  for (int i = 0; i < tries_max; ++i) {
    Result<Claim> claim = co_await context_.store.orders->load(session_id);
    if (!claim) co_return store_failed(claim.error());
    auto decision = decide(*claim, OrderInWork(context_, session_id, *claim).policy);
    if (!decision) co_return rejected(decision.error());
    OrderPass order(context_, session_id, std::move(*claim));
    const Result<CommitResult> stored =
        co_await commit_and_wake(context_, session_id, order, std::move(*decision), "", also);
    if (!stored) co_return store_failed(stored.error());
    if (*stored == CommitResult::refused) continue;
    log_info(what, {{"session", session_id}, {"edits", order.claim().prompt_edits}});
    co_return Done();
  }
  co_return refuse(RefusalKind::conflict, "changing", "the order changes all the time: try again");
}

}  // namespace claimcheck
