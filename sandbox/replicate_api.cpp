#include "sandbox/replicate_api.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "sandbox/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view provider = "replicate";
constexpr Duration kept = std::chrono::hours(1);  // inputs and outputs, after the end
constexpr std::size_t page = 100;

constexpr std::string_view error_text = "Prediction interrupted; please retry (code: PA)";
constexpr std::string_view refused_text =
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005)";

HttpResponse problem(int status, std::string_view title, std::string_view detail) {
  return json_answer(status, Object{{"title", title}, {"detail", detail}, {"status", status}});
}

HttpResponse not_found() {
  return problem(404, "Not found", "The requested resource could not be found.");
}

// What it says with a status that a fault wants.
HttpResponse usual(int status) {
  switch (status) {
    case 401: return problem(401, "Unauthenticated", "You did not pass a valid token");
    case 402:
      return problem(402, "Insufficient credit", "You have insufficient credit to run this model.");
    case 404: return not_found();
    case 422: return problem(422, "Input validation failed", "- input.prompt is wrong\n");
    case 429:
      return problem(429, "Request was throttled",
                     "Request was throttled. Your rate limit resets in ~1s.");
    default: return problem(status, "Error", "It cannot be done now.");
  }
}

bool is_allowed(const HttpRequest& request) {
  const std::string* key = find_header(request.headers, "authorization");
  return key != nullptr && (key->starts_with("Bearer r8_") || key->starts_with("Token r8_"));
}

JobKind kind_of(std::string_view model) {
  const auto has = [model](std::string_view word) { return model.find(word) != model.npos; };
  if (has("flux") || has("imagen") || has("image")) return JobKind::image;
  return has("music") || has("lyria") || has("speech") ? JobKind::audio : JobKind::video;
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::string_view status_of(const ProviderJob& job) {
  constexpr std::array<std::string_view, 6> words = {"starting", "processing", "succeeded",
                                                     "failed",   "failed",     "canceled"};
  return words.at(static_cast<std::size_t>(job.state));
}

// 26 lower-case letters and digits.
std::string prediction_id() {
  std::string id = random_text(26);
  std::ranges::transform(id, id.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return id;
}

bool wants_end(const Value& body) {
  const Value* events = json::find(body, "webhook_events_filter");
  if (events == nullptr || !events->is_array()) return true;
  return std::ranges::any_of(events->get_array(),
                             [](const Value& event) { return event == Value("completed"); });
}

Value error_of(const ProviderJob& job) {
  if (job.state == JobState::failed) return Value(error_text);
  return job.state == JobState::refused ? Value(refused_text) : Value();
}

}  // namespace

ReplicateApi::ReplicateApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock)
    : jobs_(jobs), callbacks_(callbacks), clock_(clock) {
  jobs_.on_end(std::string(provider), [this](const ProviderJob& job) { tell_end(job); });
}

boost::asio::awaitable<HttpResponse> ReplicateApi::answer(HttpRequest request, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  HttpResponse response;
  if (fault.execute) response = route(request, fault);
  if (fault.answer) {
    response = fault.answer->body.empty() ? usual(fault.answer->status) : *fault.answer;
    for (const HttpHeader& header : fault.answer->headers) {
      if (fault.answer->body.empty()) response.headers.push_back(header);
    }
  }
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return response;
}

HttpResponse ReplicateApi::route(const HttpRequest& request, const Fault& fault) {
  if (!is_allowed(request)) return usual(401);
  const std::vector<std::string> parts = parts_of(request.path.substr(replicate_prefix.size()));
  const std::size_t count = parts.size();
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  if (count < 2 || parts[0] != "v1") return not_found();
  if (parts[1] == "predictions") {
    if (post && count == 2) return create(request, fault, "");
    if (get && count == 2) return list();
    if (get && count == 3) return read(parts[2]);
    if (post && count == 4 && parts[3] == "cancel") return cancel(parts[2]);
  }
  if (parts[1] == "models" && count >= 4 && parts[2] != "gone") {
    const std::string model = parts[2] + "/" + parts[3];
    if (post && count == 5 && parts[4] == "predictions") return create(request, fault, model);
    if (get && count == 4) {
      return json_answer(200, Object{{"owner", parts[2]}, {"name", parts[3]}});
    }
    if (get && count == 6 && parts[4] == "versions") {
      return json_answer(200, Object{{"id", parts[5]}});
    }
  }
  if (get && request.path.ends_with("/v1/webhooks/default/secret")) {
    return json_answer(200, Object{{"key", replicate_secret}});
  }
  return not_found();
}

// An empty model: the body names a version.
HttpResponse ReplicateApi::create(const HttpRequest& request, const Fault& fault,
                                  std::string model) {
  const Result<Value> body = json::parse(request.body);
  if (!body || !body->is_object()) return problem(400, "Bad request", "The body is no object.");
  const std::string version(json::text_at(*body, "version"));
  if (model.empty() && (version.empty() || version.starts_with("gone"))) {
    return problem(422, "Invalid version or not permitted",
                   "The specified version does not exist (or perhaps you don't have permission to "
                   "use it?)");
  }
  const Value* input = json::find(*body, "input");
  if (input == nullptr || !input->is_object() || json::text_at(*input, "prompt").empty()) {
    return problem(422, "Input validation failed", "- input.prompt is required\n");
  }
  const bool tells = wants_end(*body);
  const ProviderJob& job =
      jobs_.add({.provider = std::string(provider),
                 .id = prediction_id(),
                 .model = model.empty() ? ":" + version : model,
                 .input = input->get_object(),
                 .kind = kind_of(model),
                 .callback = tells ? std::string(json::text_at(*body, "webhook")) : "",
                 .media_lasts = kept},
                fault.task);
  return json_answer(201, prediction_of(job));
}

HttpResponse ReplicateApi::read(const std::string& id) const {
  const ProviderJob* job = jobs_.find(provider, id);
  return job == nullptr ? not_found() : json_answer(200, prediction_of(*job));
}

HttpResponse ReplicateApi::cancel(const std::string& id) {
  if (jobs_.find(provider, id) == nullptr) return not_found();
  jobs_.finish(id, JobState::cancelled);
  return read(id);
}

// The newest first.
HttpResponse ReplicateApi::list() const {
  Array results;
  for (auto job = jobs_.all().rbegin(); job != jobs_.all().rend() && results.size() < page; ++job) {
    if (job->order.provider == provider) results.push_back(prediction_of(*job));
  }
  return json_answer(
      200, Object{{"previous", nullptr}, {"next", nullptr}, {"results", std::move(results)}});
}

Object ReplicateApi::prediction_of(const ProviderJob& job) const {
  const bool removed = job.ended && clock_.now() >= *job.ended + kept;
  const bool versioned = job.order.model.starts_with(':');
  const std::string url = jobs_.base_url() + "/replicate/v1/predictions/" + job.order.id;
  Value output;
  if (job.state == JobState::done && !removed) {
    output = jobs_.media_url(job);
    // Models of images make several.
    if (job.order.kind == JobKind::image) output = Array{output};
  }
  Object prediction{{"id", job.order.id},
                    {"model", versioned ? Value() : Value(job.order.model)},
                    {"version", versioned ? job.order.model.substr(1) : "hidden"},
                    {"input", removed ? Object() : job.order.input},
                    {"logs", ""},
                    {"output", std::move(output)},
                    {"data_removed", removed},
                    {"error", error_of(job)},
                    {"source", "api"},
                    {"status", status_of(job)},
                    {"created_at", to_iso(job.at)}};
  if (job.state != JobState::queued) prediction["started_at"] = to_iso(job.at);
  if (job.ended) {
    prediction["completed_at"] = to_iso(*job.ended);
    const auto seconds = std::chrono::duration<double>(*job.ended - job.at).count();
    prediction["metrics"] = Object{{"predict_time", seconds}};
  }
  prediction["urls"] = Object{{"get", url}, {"cancel", url + "/cancel"}};
  return prediction;
}

void ReplicateApi::tell_end(const ProviderJob& job) const {
  if (job.order.callback.empty()) return;
  const std::string id = "msg_" + random_text(24);
  callbacks_.send(
      job.order.callback, compact(prediction_of(job)),
      [id](Time at, const std::string& body) -> HttpHeaders {
        const std::string key =
            from_base64(replicate_secret.substr(std::string_view("whsec_").size())).value();
        const std::string text = fmt::format("{}.{}.{}", id, to_unix_s(at), body);
        return {{"webhook-id", id},
                {"webhook-timestamp", fmt::format("{}", to_unix_s(at))},
                {"webhook-signature", "v1," + hmac_sha256_base64(key, text)}};
      });
}

}  // namespace claimcheck::sandbox
