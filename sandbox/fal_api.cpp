#include "sandbox/fal_api.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view provider = "fal";

HttpResponse detail(int status, std::string_view text) {
  return json_answer(status, Object{{"detail", text}});
}

bool is_allowed(const HttpRequest& request) {
  const std::string* key = find_header(request.headers, "authorization");
  return key != nullptr && key->starts_with("Key ") && key->find(':') != std::string::npos;
}

// The body of a fault that names only a status. A 5xx has none of fal's own, as from a gateway.
HttpResponse usual(const HttpResponse& given) {
  HttpResponse answer = given;
  std::string_view text = "Refused";
  if (given.status == 401) text = "Authentication is required.";
  if (given.status == 403) {
    text =
        "User is locked. Reason: Exhausted balance. Top up your balance at "
        "fal.ai/dashboard/billing.";
  }
  if (given.status >= 500) {
    answer.body = "Service Unavailable";
    return answer;
  }
  answer.body = compact(Object{{"detail", text}});
  answer.headers.push_back({"content-type", "application/json"});
  return answer;
}

// A model's refusal of its inputs.
HttpResponse model_error(std::string_view member, std::string_view type, std::string_view message,
                         const Object& input) {
  Object error{{"loc", Array{"body", member}},
               {"msg", message},
               {"type", type},
               {"url", fmt::format("https://docs.fal.ai/errors#{}", type)},
               {"input", input}};
  HttpResponse answer = json_answer(422, Object{{"detail", Array{std::move(error)}}});
  answer.headers.push_back({"x-fal-retryable", "false"});
  return answer;
}

HttpResponse own_error(int status, std::string_view type, std::string_view text) {
  HttpResponse answer = json_answer(status, Object{{"detail", text}, {"error_type", type}});
  answer.headers.push_back({"x-fal-error-type", std::string(type)});
  return answer;
}

JobKind kind_of(std::string_view model) {
  const auto names = [model](std::string_view word) {
    return model.find(word) != std::string_view::npos;
  };
  if (names("video")) return JobKind::video;
  if (names("audio") || names("music") || names("speech")) return JobKind::audio;
  return names("flux") || names("image") ? JobKind::image : JobKind::video;
}

// "fal-ai/veo3" of "fal-ai/veo3/fast"; empty = it has no second segment.
std::string_view app_of(std::string_view model) {
  const std::size_t owner = model.find('/');
  if (owner == std::string_view::npos || owner + 1 == model.size()) return {};
  return model.substr(0, model.find('/', owner + 1));
}

bool has_prompt(const ProviderJob& job) { return !text_of(job.order.input, "prompt").empty(); }

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string to_base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

}  // namespace

FalApi::FalApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock)
    : jobs_(jobs),
      callbacks_(callbacks),
      clock_(clock),
      signing_seed_(from_hex(random_hex(32)).value()) {
  jobs_.on_end(std::string(provider), [this](const ProviderJob& job) { call_back(job); });
}

boost::asio::awaitable<HttpResponse> FalApi::answer(HttpRequest request, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  HttpResponse response;
  if (fault.execute) response = route(request, fault);
  if (fault.answer) response = fault.answer->body.empty() ? usual(*fault.answer) : *fault.answer;
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return response;
}

HttpResponse FalApi::route(const HttpRequest& request, const Fault& fault) {
  std::string_view path = request.path;
  path.remove_prefix(fal_prefix.size());
  if (path == ".well-known/jwks.json") return keys();
  const std::size_t at = path.find("/requests/");
  const std::string_view model = path.substr(0, at);
  if (app_of(model).empty()) return detail(404, fmt::format("Path /{} not found", path));
  if (!is_allowed(request)) {
    return detail(401, fmt::format("Cannot access application \"{}\". Authentication is required.",
                                   app_of(model)));
  }
  if (at == std::string_view::npos) {
    return request.method == "POST" ? submit(request, model, fault)
                                    : detail(405, "Method Not Allowed");
  }
  std::string_view rest = path.substr(at + std::string_view("/requests/").size());
  const std::string id(rest.substr(0, rest.find('/')));
  rest.remove_prefix(id.size());
  const ProviderJob* job = jobs_.find(provider, id);
  // As at fal, these addresses have no part of the model after the app.
  if (job == nullptr || app_of(job->order.model) != model) {
    if (rest == "/cancel") return json_answer(404, Object{{"status", "NOT_FOUND"}});
    return detail(404, "Request not found");
  }
  if (rest == "/status" && request.method == "GET") return status(*job);
  if ((rest.empty() || rest == "/response") && request.method == "GET") return result(*job);
  if (rest == "/cancel" && request.method == "PUT") return cancel(*job);
  return detail(405, "Method Not Allowed");
}

HttpResponse FalApi::submit(const HttpRequest& request, std::string_view model,
                            const Fault& fault) {
  const Result<Value> input = json::parse(request.body);
  if (!input || !input->is_object()) {
    return own_error(400, "bad_request", "The body is no JSON object");
  }
  JobOrder order{.provider = std::string(provider),
                 .id = random_uuid(),
                 .model = std::string(model),
                 .input = input->get_object(),
                 .kind = kind_of(model),
                 .callback = form_value(request.query, "fal_webhook").value_or("")};
  const bool usable = !text_of(order.input, "prompt").empty();
  const ProviderJob& job = jobs_.add(std::move(order), usable ? fault.task : "error");
  Object answer = places(job);
  answer["status"] = "IN_QUEUE";
  answer["gateway_request_id"] = job.order.id;
  answer["queue_position"] = 0;
  return json_answer(200, answer);
}

Object FalApi::places(const ProviderJob& job) const {
  const std::string base = fmt::format("{}{}{}/requests/{}", jobs_.base_url(), fal_prefix,
                                       app_of(job.order.model), job.order.id);
  return {{"request_id", job.order.id},
          {"response_url", base},
          {"status_url", base + "/status"},
          {"cancel_url", base + "/cancel"}};
}

HttpResponse FalApi::status(const ProviderJob& job) const {
  Object answer = places(job);
  answer["logs"] = nullptr;
  if (!has_ended(job.state)) {
    const bool queued = job.state == JobState::queued;
    answer["status"] = queued ? "IN_QUEUE" : "IN_PROGRESS";
    if (queued) answer["queue_position"] = 0;
    return json_answer(202, answer);
  }
  answer["status"] = "COMPLETED";
  answer["metrics"] = Object{{"inference_time", 1.5}};
  if (job.state != JobState::done) {
    const HttpResponse told = result(job);
    answer["error"] = fmt::format("Invalid status code: {}", told.status);
    if (const auto* type = find_header(told.headers, "x-fal-error-type")) {
      answer["error_type"] = *type;
    }
  }
  return json_answer(200, answer);
}

HttpResponse FalApi::result(const ProviderJob& job) const {
  HttpResponse answer;
  const Object& input = job.order.input;
  if (!has_ended(job.state)) {
    answer = detail(400, "Request is still in progress");
  } else if (job.state == JobState::refused) {
    answer = model_error("prompt", "content_policy_violation",
                         "The content could not be processed because it contained material "
                         "flagged by a content checker.",
                         input);
  } else if (job.state == JobState::cancelled) {
    answer = own_error(499, "client_cancelled", "Request was cancelled");
  } else if (job.state == JobState::failed && !has_prompt(job)) {
    answer = model_error("prompt", "missing", "Field required", input);
  } else if (job.state == JobState::failed) {
    answer = own_error(500, "runner_server_error", "The runner returned an error");
  } else {
    Object file{{"url", jobs_.media_url(job)},
                {"content_type", ProviderJobs::media_type(job.order.kind)},
                {"file_name", job.media}};
    if (job.order.kind == JobKind::image) {
      answer = json_answer(200, Object{{"images", Array{std::move(file)}}});
    } else {
      const bool video = job.order.kind == JobKind::video;
      answer = json_answer(200, Object{{video ? "video" : "audio", std::move(file)}});
    }
  }
  answer.headers.push_back({"x-fal-request-id", job.order.id});
  return answer;
}

HttpResponse FalApi::cancel(const ProviderJob& job) {
  if (has_ended(job.state)) return json_answer(400, Object{{"status", "ALREADY_COMPLETED"}});
  // Work that runs only gets a signal, and here it takes no notice of it.
  if (job.state == JobState::queued) jobs_.finish(job.order.id, JobState::cancelled);
  return json_answer(202, Object{{"status", "CANCELLATION_REQUESTED"}});
}

HttpResponse FalApi::keys() const {
  // The second key signs nothing: readers must try all of them.
  const std::string other = ed25519_public_key(from_hex(sha256_hex(signing_seed_)).value());
  Array keys;
  for (const std::string& key : {other, ed25519_public_key(signing_seed_)}) {
    keys.push_back(Object{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", to_base64url(key)}});
  }
  return json_answer(200, Object{{"keys", std::move(keys)}});
}

void FalApi::call_back(const ProviderJob& job) {
  if (job.order.callback.empty()) return;
  const HttpResponse told = result(job);
  Object body{{"request_id", job.order.id},
              {"gateway_request_id", job.order.id},
              {"status", told.status == 200 ? "OK" : "ERROR"},
              {"payload", json::parse(told.body).value_or(Value())}};
  if (told.status != 200) body["error"] = fmt::format("Invalid status code: {}", told.status);
  const auto sign = [this, id = job.order.id](Time at, const std::string& text) -> HttpHeaders {
    const std::string user = "sandbox-user";
    const std::string time = std::to_string(to_unix_s(at));
    const std::string message = fmt::format("{}\n{}\n{}\n{}", id, user, time, sha256_hex(text));
    return {{"x-fal-webhook-request-id", id},
            {"x-fal-webhook-user-id", user},
            {"x-fal-webhook-timestamp", time},
            {"x-fal-webhook-signature", to_hex(ed25519_sign(signing_seed_, message))}};
  };
  callbacks_.send(job.order.callback, compact(body), sign);
}

}  // namespace claimcheck::sandbox
