#include "generator/answers.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

Duration retry_after(const HttpResponse& answer) {
  const std::string* header = find_header(answer.headers, "retry-after");
  std::int64_t seconds = 0;
  if (header != nullptr) std::from_chars(header->data(), header->data() + header->size(), seconds);
  // Bounded, so that no header stops all orders for longer.
  constexpr std::int64_t day = 86'400;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, day));
}

Result<boost::json::value> own_body(const Result<HttpResponse>& answer) {
  if (!answer) return fail(answer);
  Result<boost::json::value> body = json::parse(answer->body);
  if (!body || !body->is_object()) return fail(Errc::unreadable, "no JSON object");
  return body;
}

SubmitAnswer refused_submit(const HttpResponse& answer, Failure failure) {
  return {.result = SubmitResult::refused,
          .reason = fmt::format("the generator cannot take it now ({})", answer.status),
          .retry_after = retry_after(answer),
          .failure = failure};
}

SubmitAnswer rejected_submit(std::string reason, Failure failure) {
  return {.result = SubmitResult::rejected, .reason = std::move(reason), .failure = failure};
}

SubmitAnswer unclear_submit(std::string reason) {
  return {.result = SubmitResult::unclear, .reason = std::move(reason)};
}

SubmitAnswer unanswered_submit(const Error& error) {
  // Nothing left this machine, so it is safe to submit again later.
  if (error.code == Errc::not_sent) {
    return {.result = SubmitResult::refused,
            .reason = "the generator cannot be reached",
            .failure = Failure::transient};
  }
  return unclear_submit("the generator does not answer");
}

std::string short_reason(std::string_view text) {
  std::string line = printable(text.substr(0, reason_bytes_max));
  // A character that was cut in its middle was replaced above; the spelling may be longer now.
  if (line.size() > reason_bytes_max) line.resize(reason_bytes_max);
  return line;
}

}  // namespace claimcheck
