// Reads single answers of OpenRouter and its signatures, and writes its body of a submit.
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "generator/answers.hpp"
#include "generator/input_template.hpp"
#include "generator/openrouter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace claimcheck::openrouter {

namespace {

constexpr std::chrono::seconds signature_age_max{300};
constexpr std::size_t signature_header_bytes_max = 4096;
constexpr std::size_t secret_bytes_min = 16;  // a shorter one can be guessed

const boost::json::object& default_input() {
  static const boost::json::object input{{"prompt", "{prompt}"},
                                         {"duration", "{duration}"},
                                         {"aspect_ratio", "{aspect_ratio}"},
                                         {"resolution", "{lines}"}};
  return input;
}

// Its own word about this status: {"error": {"code": 402, …}}. Null = it is none.
const boost::json::value* own_error(const Result<boost::json::value>& body, int status) {
  const boost::json::value* error = body ? json::find(*body, "error") : nullptr;
  const bool own = error != nullptr && json::integer_at(*error, "code") == status;
  return own ? error : nullptr;
}

// The moderation's refusal names its reasons; the others of this status are about the key.
bool is_moderated(const boost::json::value& error) {
  return json::find(error, "metadata", "reasons") != nullptr ||
         json::find(error, "metadata", "flagged_input") != nullptr;
}

// "https://…", or a path below the configured address.
std::string address_of(std::string_view text, std::string_view url) {
  if (text.starts_with('/') && !text.starts_with("//")) {
    return web_address(fmt::format("{}{}", url, text));
  }
  return web_address(text);
}

std::string first_address(const boost::json::value& body, std::string_view name,
                          std::string_view url) {
  const boost::json::value* list = json::find(body, name);
  if (list == nullptr || !list->is_array()) return {};
  for (const boost::json::value& each : list->get_array()) {
    if (!each.is_string()) continue;
    if (std::string found = address_of(each.get_string(), url); !found.empty()) return found;
  }
  return {};
}

std::optional<ProviderCost> cost_of(const boost::json::value& body) {
  const boost::json::value* cost = json::find(body, "usage", "cost");
  if (cost == nullptr || !cost->is_number()) return std::nullopt;
  const double micros = cost->to_number<double>() * 1e6;
  constexpr double micros_max = 1e15;  // a milliard dollars: no job costs that
  if (!(micros >= 0 && micros <= micros_max)) return std::nullopt;
  return ProviderCost{.micros = std::llround(micros), .currency = "usd"};
}

PollAnswer completed(const boost::json::value& body, std::string_view url) {
  // The signed address opens without our key.
  std::string found = first_address(body, "urls", url);
  const bool is_signed = !found.empty();
  if (!is_signed) found = first_address(body, "unsigned_urls", url);
  if (found.empty()) return {};  // done, and nobody can read what was made
  PollAnswer ready{.result = PollResult::ready, .url = std::move(found), .needs_key = !is_signed};
  const std::int64_t expires = json::integer_at(body, "expires_at");
  constexpr std::int64_t expires_max = 253'402'300'799;  // the year 9999
  if (expires > 0 && expires <= expires_max) ready.expires = from_unix_s(expires);
  return ready;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<std::string_view> usable_secrets(const Secret& secret) {
  std::vector<std::string_view> secrets = parts_of(secret.reveal());
  std::erase_if(secrets, [](std::string_view each) { return each.size() < secret_bytes_min; });
  return secrets;
}

bool is_now(std::string_view text, Time now) {
  std::int64_t at = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), at);
  if (error != std::errc() || stop != text.data() + text.size() || at < 0) return false;
  const std::int64_t now_s = to_unix_s(now);
  return at >= now_s - signature_age_max.count() && at <= now_s + signature_age_max.count();
}

}  // namespace

boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options) {
  boost::json::object body{{"model", job.model}};
  const boost::json::value filled = fill_template(input_of(options, job, default_input()), job);
  for (const auto& [name, each] : filled.get_object()) body[name] = each;
  if (!job.callback_url.empty()) body["callback_url"] = job.callback_url;
  return body;
}

SubmitAnswer read_submit(const Result<HttpResponse>& answer) {
  if (!answer) return unanswered_submit(answer.error());
  const std::string status = fmt::format("the generator answered {}", answer->status);
  const Result<boost::json::value> body = own_body(answer);
  const boost::json::value* error = own_error(body, answer->status);
  switch (answer->status) {
    case 401: return refused_submit(*answer, Failure::configuration);
    case 402: return refused_submit(*answer, Failure::balance);
    case 403:
      if (error != nullptr && is_moderated(*error)) {
        return rejected_submit("the moderation refused the prompt", Failure::content);
      }
      return refused_submit(*answer, Failure::configuration);
    case 429: return refused_submit(*answer, Failure::throttled);
    case 400:
    case 404:
    case 413:
    case 503:
      // A gateway's answer says nothing about the order, nor whether a job was started.
      if (error == nullptr) return unclear_submit(status + " without a word of its own");
      // The model does not exist.
      if (answer->status == 404) return refused_submit(*answer, Failure::configuration);
      // No maker of the model is there now.
      if (answer->status == 503) return refused_submit(*answer, Failure::transient);
      return rejected_submit(fmt::format("the generator rejected it ({})", answer->status),
                             Failure::input);
    default: break;
  }
  if (answer->status < 200 || answer->status >= 300) return unclear_submit(status);
  const std::string_view id = body ? json::text_at(*body, "id") : std::string_view();
  if (!is_plain_id(id)) return unclear_submit(status + " and named no job");
  return {.result = SubmitResult::accepted, .job = std::string(id)};
}

PollAnswer read_poll(const Result<HttpResponse>& answer, std::string_view job,
                     std::string_view url) {
  const Result<boost::json::value> body = own_body(answer);
  if (!body) return {};
  if (own_error(body, 404) != nullptr && answer->status == 404) {
    return {.result = PollResult::missing};
  }
  if (answer->status != 200 || !is_about_job(*body, job)) return {};
  const std::string_view status = json::text_at(*body, "status");
  if (status == "pending" || status == "in_progress") return {.result = PollResult::running};
  PollAnswer told;
  if (status == "completed") told = completed(*body, url);
  if (status == "failed") {
    // Its reason is a sentence of the model's maker, and has no code.
    told = {.result = PollResult::failed,
            .failure = Failure::unknown,
            .reason = "the generator reported an error"};
  }
  if (status == "cancelled" || status == "expired") {
    told = {.result = PollResult::failed,
            .failure = Failure::transient,
            .reason = fmt::format("the job is {}", status)};
  }
  if (told.result != PollResult::unclear) told.cost = cost_of(*body);
  return told;
}

bool can_verify(const Secret& secret) { return !usable_secrets(secret).empty(); }

Result<void> check_signature(const HttpRequest& request, const Secret& secret, Time now) {
  const std::vector<std::string_view> secrets = usable_secrets(secret);
  if (secrets.empty()) {
    return fail(Errc::unavailable, "there is no secret to verify callbacks with");
  }
  const std::string* header = find_header(request.headers, "x-openrouter-signature");
  if (header == nullptr || count_headers(request.headers, "x-openrouter-signature") != 1 ||
      header->size() > signature_header_bytes_max) {
    return fail(Errc::forbidden, "the callback has no signature");
  }
  std::string_view at;
  std::vector<std::string_view> signatures;
  for (const std::string_view part : parts_of(*header)) {
    if (part.starts_with("v1=")) signatures.push_back(part.substr(3));
    if (!part.starts_with("t=")) continue;
    // With two times, a sender could sign one and this code could compare the other.
    if (!at.empty()) return fail(Errc::forbidden, "the callback has two times");
    at = part.substr(2);
  }
  const std::string message = fmt::format("{},{}", at, request.body);
  bool match = false;
  // No early end: the duration must not show which one matched.
  for (const std::string_view key : secrets) {
    const std::string expected = hmac_sha256_hex(key, message);
    for (const std::string_view given : signatures) match |= same_text(expected, given);
  }
  if (!match) return fail(Errc::forbidden, "the callback's signature is wrong");
  // Read after the signature, when it can be believed.
  if (!is_now(at, now)) return fail(Errc::forbidden, "the callback was not signed now");
  return {};
}

}  // namespace claimcheck::openrouter
