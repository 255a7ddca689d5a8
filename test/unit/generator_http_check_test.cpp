// What is wrong in the description of a generator of kind `http` is said before it is used.
#include "base/json.hpp"
#include "generator/http_answers.hpp"
#include "generator/http_generator.hpp"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <functional>

namespace claimcheck {
namespace {

HttpGeneratorOptions good() {
  HttpGeneratorOptions http;
  http.submit_path = "/jobs";
  http.poll_path = "/jobs/{job}";
  http.body = {{"prompt", "{prompt}"}, {"key", "{key}"}};
  return http;
}

std::string wrong_in(const std::function<void(HttpGeneratorOptions&)>& change) {
  HttpGeneratorOptions http = good();
  change(http);
  return fmt::format("{}", fmt::join(check_http_options(http), "\n"));
}

TEST_CASE("a description of a generator: a good one has nothing wrong") {
  CHECK(wrong_in([](auto&) {}) == "");
  CHECK(wrong_in([](auto& http) {
          http.cancel_path = "/jobs/{job}/cancel";
          http.cancel_method = "POST";
          http.look_up_path = "/jobs?key={key}&model={model}";
          http.look_up_match_pointer = "/a~1b/0";
          http.repeat_is_safe = true;
          http.headers = {{"X-Runway-Version", "2024-11-06"}};
          http.submit_headers = {{"Idempotency-Key", "{key}"}};
          http.refused_content = {"SAFETY.*"};
          http.look_up_none_status = {404};
          http.result_expires_after = std::chrono::hours(24);
        }) == "");
}

// The same, with a model whose inputs are laid over the body.
std::string wrong_with(const boost::json::object& input,
                       const std::function<void(HttpGeneratorOptions&)>& change) {
  HttpGeneratorOptions http = good();
  change(http);
  const std::vector<ModelOptions> models = {{.name = "m1", .input = input}, {.name = "m2"}};
  return fmt::format("{}", fmt::join(check_http_options(http, models), "\n"));
}

TEST_CASE("a description of a generator: what finds a job again is in every submit") {
  const auto safe = [](auto& http) { http.repeat_is_safe = true; };
  const auto by_seed = [](auto& http) {
    http.look_up_path = "/jobs?seed={seed}";
    http.look_up_match_pointer = "/seed";
  };
  CHECK(wrong_in(by_seed) == "look_up_path: no submit tells the {seed}");
  CHECK(wrong_in([&](auto& http) {
          by_seed(http);
          http.submit_headers = {{"x-seed", "{seed}"}};
        }) == "");
  CHECK(wrong_in([](auto& http) {
          http.look_up_path = "/jobs/{key}";
          http.look_up_match_pointer = "/key";
          http.body["key"] = "{seed}";
        }) == "look_up_path: no submit tells the {key}");
  CHECK(wrong_with({{"x", 1}}, safe) == "");
  CHECK(wrong_with({{"key", "fixed"}}, safe) == "repeat_is_safe: no submit of m1 tells the {key}");
  CHECK(wrong_with({{"key", "fixed"}}, [&](auto& http) {
          safe(http);
          http.submit_headers = {{"x-key", "{key}"}};
        }) == "");
  // A member's name is not filled.
  CHECK(wrong_with({{"key", {{"{key}", 1}}}}, safe).starts_with("repeat_is_safe: no submit of m1"));
  // Without an address to call, such a member is left out.
  CHECK(wrong_in([&](auto& http) {
          safe(http);
          http.body["key"] = "{callback}?key={key}";
        }) == "repeat_is_safe: no submit tells the {key} while there is no {callback}");
  CHECK(wrong_with({{"key", "{callback}?key={key}"}}, safe) ==
        "repeat_is_safe: no submit of m1 tells the {key} while there is no {callback}");
}

TEST_CASE("a description of a generator: every model is told the prompt") {
  CHECK(wrong_with({{"prompt", "a cat"}}, [](auto&) {}) ==
        "body: no submit of m1 tells the {prompt}");
  CHECK(wrong_with({{"prompt", "{prompt}, slowly"}}, [](auto&) {}) == "");
  CHECK(wrong_with({{"prompt", 1}, {"text", {{"a", {"{prompt}"}}}}}, [](auto&) {}) == "");
}

using Mistakes = std::vector<std::pair<std::string, std::function<void(HttpGeneratorOptions&)>>>;

void check_each(const Mistakes& table) {
  for (const auto& [line, change] : table) {
    const std::string wrong = wrong_in(change);
    CHECK_MESSAGE(wrong.starts_with(line), line << " | " << wrong);
    CHECK_MESSAGE(wrong.find('\n') == std::string::npos, wrong);
  }
}

TEST_CASE("a description of a generator: every mistake in paths, headers and body is named") {
  check_each({
      {"submit_path: it is missing", [](auto& http) { http.submit_path = ""; }},
      {"submit_path: it must begin", [](auto& http) { http.submit_path = "jobs"; }},
      {"submit_path: it must begin", [](auto& http) { http.submit_path = "//other/jobs"; }},
      {"submit_path: it must begin", [](auto& http) { http.submit_path = "/a b"; }},
      {"submit_path: {jbo} is no placeholder", [](auto& http) { http.submit_path = "/{jbo}"; }},
      {"submit_path: {prompt} must not", [](auto& http) { http.submit_path = "/{prompt}"; }},
      {"poll_path: it is missing", [](auto& http) { http.poll_path = ""; }},
      {"poll_path: {job} is missing", [](auto& http) { http.poll_path = "/jobs"; }},
      {"poll_path: it may hold only {job}", [](auto& http) { http.poll_path = "/{key}/{job}"; }},
      {"cancel_path: {job} is missing", [](auto& http) { http.cancel_path = "/jobs"; }},
      {"cancel_method: it is one of", [](auto& http) { http.cancel_method = "delete"; }},
      {"repeat_is_safe: no submit tells the {key}",
       [](auto& http) {
         http.repeat_is_safe = true;
         http.body.erase("key");
       }},
      {"key_kept: it must be longer", [](auto& http) { http.key_kept = Duration(0); }},
      {"look_up_path: it must hold {key}",
       [](auto& http) {
         http.look_up_path = "/jobs";
         http.look_up_match_pointer = "/key";
       }},
      {"look_up_match_pointer: it is missing",
       [](auto& http) { http.look_up_path = "/jobs/{key}"; }},
      {"key_header: it is no name", [](auto& http) { http.key_header = "a b"; }},
      {"headers: \"x y\" is no name", [](auto& http) { http.headers = {{"x y", "1"}}; }},
      {"headers: authorization is set", [](auto& http) { http.headers = {{"Authorization", ""}}; }},
      {"headers: content-type is set", [](auto& http) { http.headers = {{"Content-Type", "x"}}; }},
      {"submit_headers: a is set already",
       [](auto& http) {
         http.headers = {{"a", "1"}};
         http.submit_headers = {{"A", "2"}};
       }},
      {"headers: the value of a must be one line",
       [](auto& http) { http.headers = {{"a", "1\r\nb: 2"}}; }},
      {"headers: a is fixed", [](auto& http) { http.headers = {{"a", "{key}"}}; }},
      {"submit_headers: {kye} is no placeholder",
       [](auto& http) { http.submit_headers = {{"a", "{kye}"}}; }},
      {"submit_headers: {prompt} must not",
       [](auto& http) { http.submit_headers = {{"a", "{prompt}"}}; }},
      {"body: it is missing", [](auto& http) { http.body.clear(); }},
      {"body: {promt} is no placeholder", [](auto& http) { http.body["x"] = "{promt}"; }},
      {"body: no submit tells the {prompt}", [](auto& http) { http.body.erase("prompt"); }},
      {"body: no submit tells the {prompt} while there is no {callback}",
       [](auto& http) { http.body["prompt"] = "{prompt} {callback}"; }},
  });
}

TEST_CASE("a description of a generator: every mistake in pointers, words and statuses is named") {
  check_each({
      {"id_pointer: it is missing", [](auto& http) { http.id_pointer = ""; }},
      {"state_pointer: it is missing", [](auto& http) { http.state_pointer = ""; }},
      {"url_pointer: it is no JSON pointer", [](auto& http) { http.url_pointer = "url"; }},
      {"thumbnail_pointer: it is no", [](auto& http) { http.thumbnail_pointer = "/a~"; }},
      {"content_type_pointer: it is no", [](auto& http) { http.content_type_pointer = "a"; }},
      {"error_pointer: it is no JSON pointer", [](auto& http) { http.error_pointer = "/a~2"; }},
      {"error_code_pointer: it is no", [](auto& http) { http.error_code_pointer = "a"; }},
      {"look_up_pointer: it is no", [](auto& http) { http.look_up_pointer = "a"; }},
      {"look_up_match_pointer: it is no", [](auto& http) { http.look_up_match_pointer = "a"; }},
      {"look_up_id_pointer: it is no", [](auto& http) { http.look_up_id_pointer = "a"; }},
      {"callback_id_pointer: it is no", [](auto& http) { http.callback_id_pointer = "a"; }},
      {"running: it is missing", [](auto& http) { http.running.clear(); }},
      {"done: it is missing", [](auto& http) { http.done.clear(); }},
      {"done: \"failed\" is also in failed", [](auto& http) { http.done = {"failed"}; }},
      {"failed: \"error\" is also in refused_content",
       [](auto& http) { http.refused_content = {"err*"}; }},
      {"running: \"pending\" is also in throttled", [](auto& http) { http.throttled = {"*ding"}; }},
      {"bad_input: a word must be more", [](auto& http) { http.bad_input = {"*"}; }},
      {"out_of_balance: a word must be more", [](auto& http) { http.out_of_balance = {""}; }},
      {"failed_status: 500 is not between", [](auto& http) { http.failed_status = {500}; }},
      {"throttled_status: 200 is not between", [](auto& http) { http.throttled_status = {200}; }},
      {"balance_status: 429 is also in throttled_status",
       [](auto& http) { http.balance_status = {429}; }},
      {"configuration_status: 422 is also in failed_status",
       [](auto& http) { http.configuration_status = {422}; }},
      {"missing_status: 500 is not", [](auto& http) { http.missing_status = {500}; }},
      {"look_up_none_status: 200 is not", [](auto& http) { http.look_up_none_status = {200}; }},
      {"result_expires_after: it must be longer",
       [](auto& http) { http.result_expires_after = Duration(0); }},
  });
}

TEST_CASE("a word with a star stands for any text at that end") {
  using http_generator::matches;
  CHECK(matches("SAFETY.*", "SAFETY.INPUT"));
  CHECK(matches("*limit", "rate limit"));
  CHECK(matches("*limit*", "the limit is near"));
  CHECK(matches("a", "a"));
  CHECK_FALSE(matches("a", "ab"));
  CHECK_FALSE(matches("SAFETY.*", "INTERNAL.SAFETY."));
  CHECK_FALSE(matches("*limit", "limits"));
}

}  // namespace
}  // namespace claimcheck
