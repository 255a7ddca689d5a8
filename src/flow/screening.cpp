#include "flow/screening.hpp"

#include "base/crypto.hpp"
#include "base/json_described.hpp"
#include "base/standard_signature.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace claimcheck {

namespace {

struct Question {
  std::string prompt;
  std::string toolSlug;
  std::string priceId;
  std::int64_t quantity = 1;
  double duration = 0;
  std::string resolution;
  std::string style;
  std::optional<std::string> locale;
  std::optional<std::string> reference;
};
BOOST_DESCRIBE_STRUCT(Question, (),
                      (prompt, toolSlug, priceId, quantity, duration, resolution, style, locale,
                       reference))

std::optional<std::string> given(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// One line of plain text, cut at the limit and never within a character.
std::string line_of(std::string_view text) {
  std::string line;
  std::size_t characters = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (begins && ++characters > screening_reason_characters_max) break;
    const auto byte = static_cast<unsigned char>(c);
    line += byte < ' ' || byte == 0x7F ? ' ' : c;
  }
  return line;
}

// The texts are a closed set: lines of the log are counted by them.
ScreeningAnswer answer_of(const Result<HttpResponse>& response) {
  if (!response) return {.text = "it cannot be reached, or gave no answer in time"};
  if (response->status < 200 || response->status > 299) return {.text = "its status is not 2xx"};
  const Result<boost::json::value> body = json::parse(response->body);
  const boost::json::value* allowed = body ? json::find(*body, "allowed") : nullptr;
  if (allowed == nullptr || !allowed->is_bool()) {
    return {.text = "its answer does not say whether the prompt is allowed"};
  }
  if (allowed->get_bool()) return {.verdict = ScreeningVerdict::allowed, .text = {}};
  return {.verdict = ScreeningVerdict::refused, .text = line_of(json::text_at(*body, "reason"))};
}

}  // namespace

std::string screening_body(const OrderRequest& order) {
  return json::print(Question{.prompt = order.prompt,
                              .toolSlug = order.tool_slug,
                              .priceId = order.price.id,
                              .quantity = order.quantity,
                              .duration = order.duration,
                              .resolution = order.resolution,
                              .style = order.style,
                              .locale = given(order.locale),
                              .reference = given(order.reference)});
}

boost::asio::awaitable<ScreeningAnswer> ask_screening_hook(HttpClient& http,
                                                           const ScreeningOptions& options,
                                                           std::string body, Time now) {
  const std::int64_t now_s = to_unix_s(now);
  const std::string id = "scr_" + random_hex(16);
  HttpCall call;
  call.method = "POST";
  call.url = options.url;
  call.body = std::move(body);
  call.headers = {{"content-type", "application/json"},
                  {"user-agent", "claimcheck"},
                  {"webhook-id", id},
                  {"webhook-timestamp", fmt::to_string(now_s)},
                  {"webhook-signature", standard_signature(id, now_s, call.body, options.keys)}};
  call.timeout = options.timeout;
  call.answer_bytes_max = screening_answer_bytes_max;
  const Result<HttpResponse> response = co_await http.send(std::move(call));
  co_return answer_of(response);
}

Screening::Screening(Context& context, HttpClient& http, ScreeningOptions options)
    : context_(context), http_(http), options_(std::move(options)) {}

boost::asio::awaitable<std::expected<void, Refusal>> Screening::screen(const OrderRequest& order) {
  // First the list, which costs no call.
  if (options_.words.found_in(order.prompt)) co_return refuse(order, "words", "");
  if (options_.url.empty()) co_return std::expected<void, Refusal>();
  const ScreeningAnswer answer =
      co_await ask_screening_hook(http_, options_, screening_body(order), context_.clock.now());
  if (answer.verdict == ScreeningVerdict::refused) co_return refuse(order, "hook", answer.text);
  if (answer.verdict == ScreeningVerdict::allowed) co_return std::expected<void, Refusal>();
  const std::string_view then = options_.allow_when_silent ? "allowed" : "refused";
  context_.repeated.warn("screening_silent", answer.text, {"prompt", then},
                         context_.clock.steady());
  if (options_.allow_when_silent) co_return std::expected<void, Refusal>();
  context_.metrics.count(Counter::checkouts, "screening_unavailable");
  Refusal refusal{.kind = RefusalKind::screening_unavailable};
  refusal.code = "screening_unavailable";
  refusal.message = "the shop cannot check the prompt right now; try again in a moment";
  refusal.retry_after = std::chrono::seconds(5);
  co_return std::unexpected(std::move(refusal));
}

std::unexpected<Refusal> Screening::refuse(const OrderRequest& order, std::string_view by,
                                           const std::string& reason) {
  // Anybody can cause this line at any rate, so equal lines are counted together.
  context_.repeated.warn("prompt_refused", by, {"prompt_length", order.prompt.size()},
                         context_.clock.steady());
  context_.metrics.count(Counter::checkouts, "prompt_refused");
  Refusal refusal{.kind = RefusalKind::invalid};
  refusal.code = "prompt_refused";
  refusal.param = "prompt";
  refusal.message = reason.empty() ? "this shop does not take orders for this prompt"
                                   : "this shop does not take orders for this prompt: " + reason;
  return std::unexpected(std::move(refusal));
}

}  // namespace claimcheck
