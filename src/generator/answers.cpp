#include "generator/answers.hpp"

#include "base/log.hpp"
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

bool is_plain_id(std::string_view text) {
  constexpr std::size_t bytes_max = 128;
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  };
  return !text.empty() && text.size() <= bytes_max && std::ranges::all_of(text, plain);
}

bool is_about_job(const boost::json::value& body, std::string_view job) {
  const std::string_view told = json::text_at(body, "id");
  if (told.empty() || told == job) return true;
  log_error("answer_about_another",
            {{"peer", "generator"}, {"member", "id"}, {"told", short_reason(told)}});
  return false;
}

const boost::json::object& input_of(const GeneratorOptions& options, const GenerationJob& job,
                                    const boost::json::object& otherwise) {
  const ModelOptions* model = options.model(job.model);
  return model == nullptr || model->input.empty() ? otherwise : model->input;
}

std::unexpected<Error> failed_read(const Result<HttpResponse>& answer) {
  if (!answer) return fail(answer);
  if (answer->status == 401 || answer->status == 403) {
    return fail(Errc::forbidden, fmt::format("it refuses the key ({})", answer->status));
  }
  return fail(Errc::unavailable, fmt::format("it answered {}", answer->status));
}

std::string coded_reason(std::string_view text, std::string_view code) {
  constexpr std::size_t bytes_max = 40;
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  const bool word = !code.empty() && code.size() <= bytes_max && std::ranges::all_of(code, plain);
  return word ? fmt::format("{}: {}", text, code) : std::string(text);
}

std::string short_reason(std::string_view text) {
  std::string line = printable(text.substr(0, reason_bytes_max));
  // A character that was cut in its middle was replaced above; the spelling may be longer now.
  if (line.size() > reason_bytes_max) line.resize(reason_bytes_max);
  return line;
}

}  // namespace claimcheck
