#include "sandbox/gpu_api.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "sandbox/ids.hpp"

#include <fmt/format.h>

#include <optional>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view provider = "gpu";
constexpr std::string_view jobs_path = "/gpu/jobs";

HttpResponse refusal(int status, std::string_view code, std::string_view message) {
  return json_answer(status, Object{{"error", {{"code", code}, {"message", message}}}});
}

std::string_view status_of(JobState state) {
  return state == JobState::done ? std::string_view("completed") : word_of(state);
}

Value error_of(JobState state) {
  switch (state) {
    case JobState::failed: return {{"code", "out_of_memory"}, {"message", "CUDA out of memory"}};
    case JobState::refused:
      return {{"code", "content_policy"}, {"message", "The result was refused."}};
    default: return nullptr;
  }
}

std::string key_of(const HttpRequest& request) {
  const std::string* header = find_header(request.headers, "idempotency-key");
  return header == nullptr ? "" : *header;
}

// What is wrong with the inputs, or nothing.
std::optional<HttpResponse> check_inputs(const Object& body) {
  const std::string model = text_of(body, "model");
  if (model != gpu_video_model && model != gpu_image_model) {
    return refusal(404, "unknown_model", "This model is not installed.");
  }
  if (text_of(body, "prompt").empty()) {
    return refusal(422, "bad_input", "A prompt is missing.");
  }
  if (model == gpu_video_model && integer_of(body, "seconds") <= 0) {
    return refusal(422, "bad_input", "seconds must be a whole number above 0.");
  }
  return std::nullopt;
}

std::string bearer_header() { return fmt::format("Bearer {}", gpu_key); }

// Without the first part of the secret, its base64 text is the key.
std::string signature_of(std::string_view id, std::int64_t at, std::string_view body) {
  const std::string secret =
      from_base64(gpu_callback_secret.substr(std::string_view("whsec_").size())).value();
  return "v1," + hmac_sha256_base64(secret, fmt::format("{}.{}.{}", id, at, body));
}

}  // namespace

GpuApi::GpuApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, Faults& faults,
               MovableClock& clock)
    : jobs_(jobs), callbacks_(callbacks), faults_(faults), clock_(clock) {
  jobs_.on_end(std::string(provider), [this](const ProviderJob& job) { tell(job); });
}

boost::asio::awaitable<HttpResponse> GpuApi::answer(HttpRequest request, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  HttpResponse response;
  if (fault.execute) response = route(request, fault);
  // A fault that executes the request leaves the job; only its answer is replaced.
  if (fault.answer) {
    response = *fault.answer;
    if (response.body.empty()) {
      response.body = refusal(response.status, "fault", "This answer was ordered.").body;
    }
  }
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return response;
}

HttpResponse GpuApi::route(const HttpRequest& request, const Fault& fault) {
  const std::string* key = find_header(request.headers, "authorization");
  if (key == nullptr || *key != bearer_header()) {
    return refusal(401, "bad_key", "The key is wrong.");
  }
  const std::string& path = request.path;
  if (path == jobs_path) {
    if (request.method == "POST") return submit(request, fault);
    return list(form_value(request.query, "key").value_or(""));
  }
  const std::string id = path.starts_with(jobs_path) ? path.substr(jobs_path.size() + 1) : "";
  const ProviderJob* job = jobs_.find(provider, id);
  if (job == nullptr) return refusal(404, "unknown_job", "There is no such job.");
  if (request.method == "DELETE") return cancel(id);
  return json_answer(200, describe(*job));
}

HttpResponse GpuApi::submit(const HttpRequest& request, const Fault& fault) {
  const std::string key = key_of(request);
  if (key.empty()) return refusal(400, "bad_input", "Idempotency-Key is missing.");
  if (const auto kept = keys_.find(key); kept != keys_.end()) {
    // Other inputs under a used key: neither the old job nor a new one is what was asked for.
    if (kept->second.body != request.body) {
      return refusal(409, "key_in_use", "This key was used for another job.");
    }
    HttpResponse again = json_answer(200, describe(*jobs_.find(provider, kept->second.job)));
    again.headers.push_back({"idempotent-replayed", "true"});
    return again;
  }
  const Result<Value> body = json::parse(request.body);
  if (!body || !body->is_object()) return refusal(400, "bad_input", "The body must be JSON.");
  const Object& input = body->get_object();
  if (const auto refused = check_inputs(input)) return *refused;
  const std::string model = text_of(input, "model");
  JobOrder order{.provider = std::string(provider),
                 .id = new_id("gpu_", 20),
                 .model = model,
                 .input = input,
                 .kind = model == gpu_image_model ? JobKind::image : JobKind::video,
                 .callback = text_of(input, "callback_url"),
                 .media_key = bearer_header()};
  const ProviderJob& job = jobs_.add(std::move(order), fault.task);
  keys_[key] = {request.body, job.order.id};
  return json_answer(201, describe(job));
}

HttpResponse GpuApi::list(const std::string& key) const {
  Array found;
  if (const auto kept = keys_.find(key); kept != keys_.end()) {
    Object job = describe(*jobs_.find(provider, kept->second.job));
    job["key"] = key;
    found.push_back(std::move(job));
  }
  return json_answer(200, Object{{"jobs", std::move(found)}});
}

HttpResponse GpuApi::cancel(const std::string& id) {
  if (has_ended(jobs_.find(provider, id)->state)) {
    return refusal(409, "has_ended", "The job has ended.");
  }
  jobs_.finish(id, JobState::cancelled);
  return json_answer(200, describe(*jobs_.find(provider, id)));
}

Object GpuApi::describe(const ProviderJob& job) const {
  const bool done = job.state == JobState::done;
  // A path: a server behind a proxy need not know its own address.
  const std::string file = jobs_.media_url(job).substr(jobs_.base_url().size());
  return {{"id", job.order.id},
          {"status", status_of(job.state)},
          {"model", job.order.model},
          {"file", done ? Value(file) : Value()},
          {"content_type", done ? Value(ProviderJobs::media_type(job.order.kind)) : Value()},
          {"error", error_of(job.state)}};
}

void GpuApi::tell(const ProviderJob& job) {
  if (job.order.callback.empty()) return;
  const Fault fault = faults_.draw("WEBHOOK gpu");
  if (fault.drop) return;
  // One id for all attempts: the receiver knows a repetition by it.
  const auto signature = [id = new_id("msg_", 20)](Time at, const std::string& body) {
    const std::int64_t now = to_unix_s(at);
    return HttpHeaders{{"webhook-id", id},
                       {"webhook-timestamp", fmt::format("{}", now)},
                       {"webhook-signature", signature_of(id, now, body)}};
  };
  const std::string body = compact(Object{{"event", "job.ended"}, {"job", describe(job)}});
  for (std::int64_t i = 0; i < fault.copies; ++i) {
    callbacks_.send(job.order.callback, body, signature);
  }
}

}  // namespace claimcheck::sandbox
