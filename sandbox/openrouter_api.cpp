#include "sandbox/openrouter_api.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "sandbox/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view provider = "openrouter";
constexpr Duration kept = std::chrono::hours(24);  // the stored copy, after the end
constexpr double price_per_second = 0.4;
constexpr std::array<std::string_view, 4> models = {"google/veo-3.1", "google/veo-3.1-fast",
                                                    "bytedance/seedance-2.0", "alibaba/wan-2.7"};

HttpResponse problem(int status, std::string_view message, Object metadata = {}) {
  Object error{{"code", status}, {"message", message}};
  if (!metadata.empty()) error["metadata"] = std::move(metadata);
  return json_answer(status, Object{{"error", std::move(error)}});
}

// What it says with a status that a fault wants.
HttpResponse usual(int status) {
  switch (status) {
    case 401: return problem(401, "User not found.");
    case 402: return problem(402, "Insufficient credits. Add more and retry.");
    case 403:
      return problem(403, "Your input was flagged by the moderation.",
                     {{"reasons", Array{"violence"}}, {"flagged_input", "…"}});
    case 404: return problem(404, "Not found");
    case 429: return problem(429, "Rate limit exceeded");
    case 503: return problem(503, "No provider is available for this model.");
    default: return problem(status, "It cannot be done now.");
  }
}

bool is_allowed(const HttpRequest& request) {
  const std::string* key = find_header(request.headers, "authorization");
  return key != nullptr && key->starts_with("Bearer sk-or-");
}

std::string_view status_of(const ProviderJob& job) {
  constexpr std::array<std::string_view, 6> words = {"pending", "in_progress", "completed",
                                                     "failed",  "failed",      "cancelled"};
  return words.at(static_cast<std::size_t>(job.state));
}

HttpResponse list_of_models() {
  Array data;
  for (const std::string_view model : models) {
    data.push_back(Object{{"id", model},
                          {"supported_durations", Array{4, 6, 8}},
                          {"supported_resolutions", Array{"720p", "1080p"}},
                          {"supported_aspect_ratios", Array{"16:9", "9:16", "1:1"}},
                          {"seed", true}});
  }
  return json_answer(200, Object{{"data", std::move(data)}});
}

bool needs_key(const ProviderJob& job) { return job.order.model.starts_with("bytedance/"); }

// What follows the prefix; empty = it is another path.
std::string_view rest_of(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string_view();
}

}  // namespace

OpenRouterApi::OpenRouterApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock)
    : jobs_(jobs), callbacks_(callbacks), clock_(clock) {
  jobs_.on_end(std::string(provider), [this](const ProviderJob& job) { tell_end(job); });
}

boost::asio::awaitable<HttpResponse> OpenRouterApi::answer(HttpRequest request, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  HttpResponse response;
  if (fault.execute) response = route(request, fault);
  if (fault.answer) {
    const bool bare = fault.answer->body.empty();
    response = bare ? usual(fault.answer->status) : *fault.answer;
    if (bare) std::ranges::copy(fault.answer->headers, std::back_inserter(response.headers));
  }
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return response;
}

HttpResponse OpenRouterApi::route(const HttpRequest& request, const Fault& fault) {
  const std::string_view path = rest_of(request.path, "/openrouter/api/v1/");
  const bool get = request.method == "GET";
  // Its list of models is public.
  if (get && path == "videos/models") return list_of_models();
  if (!is_allowed(request)) return usual(401);
  if (request.method == "POST" && path == "videos") return create(request, fault);
  if (get && path == "key") {
    return json_answer(200,
                       Object{{"data", Object{{"limit", nullptr}, {"limit_remaining", nullptr}}}});
  }
  if (get && path == "credits") {
    return json_answer(200, Object{{"data", Object{{"total_credits", 100}, {"total_usage", 25}}}});
  }
  const std::string_view job_path = rest_of(path, "videos/");
  if (!get || job_path.empty()) return usual(404);
  constexpr std::string_view ending = "/content";
  if (job_path.ends_with(ending)) {
    return content(request, std::string(job_path.substr(0, job_path.size() - ending.size())));
  }
  const ProviderJob* job = jobs_.find(provider, std::string(job_path));
  return job == nullptr ? usual(404) : json_answer(200, job_of(*job));
}

HttpResponse OpenRouterApi::create(const HttpRequest& request, const Fault& fault) {
  const Result<Value> body = json::parse(request.body);
  if (!body || !body->is_object()) return problem(400, "The body must be a JSON object.");
  const std::string model(json::text_at(*body, "model"));
  if (std::ranges::find(models, model) == models.end()) return problem(404, "No such model.");
  if (json::text_at(*body, "prompt").empty()) return problem(400, "prompt is required.");
  const Value* duration = json::find(*body, "duration");
  if (duration != nullptr && !json::integer(*duration)) {
    return problem(400, "duration must be a whole number of seconds.");
  }
  const ProviderJob& job =
      jobs_.add({.provider = std::string(provider),
                 .id = fmt::format("gen-vid-{}-{}", to_unix_s(clock_.now()), random_text(20)),
                 .model = model,
                 .input = body->get_object(),
                 .callback = std::string(json::text_at(*body, "callback_url")),
                 .media_lasts = kept},
                fault.task);
  return json_answer(202, Object{{"id", job.order.id},
                                 {"polling_url", "/api/v1/videos/" + job.order.id},
                                 {"status", status_of(job)}});
}

HttpResponse OpenRouterApi::content(const HttpRequest& request, const std::string& id) const {
  const ProviderJob* job = jobs_.find(provider, id);
  if (job == nullptr || job->state != JobState::done) return usual(404);
  HttpRequest media = request;
  media.path = jobs_.media_url(*job).substr(jobs_.base_url().size());
  return jobs_.media_answer(media);
}

Object OpenRouterApi::job_of(const ProviderJob& job) const {
  const std::string path = "/api/v1/videos/" + job.order.id;
  Object told{{"id", job.order.id}, {"polling_url", path}, {"status", status_of(job)}};
  if (job.state == JobState::failed) told["error"] = "The provider could not make the video.";
  if (job.state == JobState::refused) told["error"] = "The provider refused the content.";
  if (job.state != JobState::done) return told;
  told["generation_id"] = job.order.id;
  told["unsigned_urls"] =
      Array{fmt::format("{}/openrouter{}/content?index=0", jobs_.base_url(), path)};
  if (!needs_key(job)) {
    told["urls"] = Array{jobs_.media_url(job)};
    told["expires_at"] = to_unix_s(*job.ended + kept);
  }
  const std::int64_t seconds = integer_of(job.order.input, "duration");
  told["usage"] =
      Object{{"cost", static_cast<double>(seconds) * price_per_second}, {"is_byok", false}};
  return told;
}

void OpenRouterApi::tell_end(const ProviderJob& job) const {
  if (job.order.callback.empty()) return;
  Object data = job_of(job);
  data["model"] = job.order.model;
  const std::string word(status_of(job));
  const Object event{{"type", "video.generation." + word},
                     {"created_at", to_iso(*job.ended)},
                     {"data", std::move(data)}};
  const std::string key = job.order.id + "-" + word;
  callbacks_.send(
      job.order.callback, compact(event), [key](Time at, const std::string& body) -> HttpHeaders {
        const std::string text = fmt::format("{},{}", to_unix_s(at), body);
        return {{"x-openrouter-idempotency-key", key},
                {"x-openrouter-signature", fmt::format("t={},v1={}", to_unix_s(at),
                                                       hmac_sha256_hex(openrouter_secret, text))}};
      });
}

}  // namespace claimcheck::sandbox
