// A description of a generator of kind `http` in which every part is set, with a job and answers in
// its form. For the tests of the readings and of the adapter.
#pragma once

#include "base/json.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <string>
#include <string_view>

namespace claimcheck::test {

inline const std::string callback_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

inline boost::json::object object(std::string_view text) {
  return json::parse(text).value().get_object();
}

// A shop's own server, with every part of a description.
inline GeneratorOptions own_server() {
  GeneratorOptions options{.name = "gpu",
                           .kind = GeneratorKind::http,
                           .url = "http://gpu.shop:8000/v1",
                           .key = Secret("secret-key"),
                           .callback_secret = Secret(callback_secret)};
  HttpGeneratorOptions& http = options.http;
  http.submit_path = "/jobs";
  http.poll_path = "/jobs/{job}";
  http.cancel_path = "/jobs/{job}";
  http.repeat_is_safe = true;
  http.headers = {{"X-Version", "2026-11-01"}};
  http.submit_headers = {{"Idempotency-Key", "{key}"}};
  http.body = object(R"({"model":"{model}","prompt":"{prompt}","seconds":"{duration}",
                         "hooks":{"url":"{callback}","on":"end"}})");
  http.id_pointer = "/job/id";
  http.state_pointer = "/job/state";
  http.url_pointer = "/job/files/0/url";
  http.thumbnail_pointer = "/job/preview";
  http.content_type_pointer = "/job/type";
  http.error_pointer = "/job/error/text";
  http.error_code_pointer = "/job/error/code";
  http.refused_content = {"SAFETY.*", "blocked"};
  http.bad_input = {"bad_*"};
  http.out_of_balance = {"no_credit"};
  http.throttled = {"busy", "*limit reached"};
  http.result_needs_key = true;
  http.result_expires_after = std::chrono::hours(1);
  return options;
}

inline GenerationJob job() {
  return {.prompt = "a cat",
          .model = "m1",
          .seed = 7,
          .key = "0123456789abcdef0123456789abcdef",
          .width = 1280,
          .height = 720,
          .duration_s = 8,
          .ordered = from_unix_s(1'790'000'000)};
}

inline HttpResponse answered(int status, std::string body) {
  return {.status = status, .body = body};
}
inline HttpResponse told(const std::string& members) {
  return answered(200, R"({"job":{)" + members + "}}");
}

}  // namespace claimcheck::test
