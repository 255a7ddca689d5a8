// The adapter that only the configuration describes: what it sends, and what it makes of answers.
#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/generators.hpp"
#include "generator/http_generator.hpp"
#include "generator/standard_webhooks.hpp"
#include "support/child.hpp"
#include "support/described_server.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::http_generator {
namespace {

using test::answered;
using test::callback_secret;
using test::job;
using test::object;
using test::own_server;
using test::told;

struct Asked {
  explicit Asked(GeneratorOptions given = own_server())
      : options(std::move(given)), client(http, metrics, run.clock, options) {}
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  GeneratorOptions options;
  Client client;

  std::string header(const char* name, std::size_t call = 0) const {
    const std::string* value = find_header(http.calls[call].headers, name);
    return value == nullptr ? "(none)" : *value;
  }
};
TEST_CASE("http generator: a submit is one POST with the described headers and body") {
  Asked asked;
  asked.http.answers = {answered(201, R"({"job":{"id":"j/1"}})")};
  const SubmitAnswer submitted = asked.run(asked.client.submit(job()));
  CHECK(submitted.result == SubmitResult::accepted);
  CHECK(submitted.job == "j/1");
  const HttpCall& call = asked.http.calls.at(0);
  CHECK(call.method == "POST");
  CHECK(call.url == "http://gpu.shop:8000/v1/jobs");
  CHECK(call.send_once);
  CHECK_FALSE(call.public_only);
  CHECK(call.body == R"({"model":"m1","prompt":"a cat","seconds":8,"hooks":{"on":"end"}})");
  CHECK(asked.header("authorization") == "Bearer secret-key");
  CHECK(asked.header("content-type") == "application/json");
  CHECK(asked.header("idempotency-key") == "0123456789abcdef0123456789abcdef");
  CHECK(asked.header("x-version") == "2026-11-01");
}

TEST_CASE("http generator: a model's own inputs are laid over the body") {
  GeneratorOptions options = own_server();
  options.models = {{.name = "m1", .input = object(R"({"seconds":"{duration}s","fps":24})")}};
  GenerationJob wanted = job();
  wanted.callback_url = "https://shop/cb?a=1";
  CHECK(json::print(submit_body(wanted, options)) ==
        R"({"model":"m1","prompt":"a cat","seconds":"8s",)"
        R"("hooks":{"url":"https://shop/cb?a=1","on":"end"},"fps":24})");
  wanted.model = "m2";
  CHECK(json::integer_at(submit_body(wanted, options), "seconds") == 8);
}

TEST_CASE(
    "http generator: key header and prefix are as described, and without a key there is none") {
  GeneratorOptions options = own_server();
  options.http.key_header = "X-Api-Key";
  options.http.key_prefix = "";
  Asked asked(options);
  asked.run(asked.client.submit(job()));
  CHECK(asked.header("x-api-key") == "secret-key");
  CHECK(asked.header("authorization") == "(none)");
  options.key = Secret();
  Asked open(options);
  open.run(open.client.submit(job()));
  CHECK(open.header("x-api-key") == "(none)");
}

TEST_CASE("http generator: values in a path are percent-encoded") {
  GeneratorOptions options = own_server();
  options.http.submit_path = "/models/{model}/jobs?ratio={aspect_ratio}";
  Asked asked(options);
  GenerationJob wanted = job();
  wanted.model = "../a?b/c#d";
  asked.run(asked.client.submit(wanted));
  CHECK(asked.http.calls.at(0).url ==
        "http://gpu.shop:8000/v1/models/..%2Fa%3Fb%2Fc%23d/jobs?ratio=16%3A9");
  asked.run(asked.client.poll({.job = "a/../b?c"}));
  CHECK(asked.http.calls.at(1).url == "http://gpu.shop:8000/v1/jobs/a%2F..%2Fb%3Fc");
  CHECK(asked.http.calls.at(1).method == "GET");
  CHECK(asked.header("x-version", 1) == "2026-11-01");
}

TEST_CASE(
    "http generator: a ready job tells address, preview, type, expiry and whether it needs the "
    "key") {
  Asked asked;
  asked.http.answers = {
      told(R"("state":"completed","files":[{"url":"/files/x.mp4"}],"preview":"https://cdn/x.webp",
              "type":"video/mp4")"),
      told(R"("state":"completed","files":[{"url":"https://cdn/x.mp4"}])")};
  const PollAnswer own = asked.run(asked.client.poll({.job = "j1"}));
  CHECK(own.result == PollResult::ready);
  CHECK(own.url == "http://gpu.shop:8000/files/x.mp4");
  CHECK(own.thumbnail_url == "https://cdn/x.webp");
  CHECK(own.content_type == "video/mp4");
  CHECK(own.needs_key);
  CHECK(own.expires == asked.run.clock.now() + std::chrono::hours(1));
  const PollAnswer other = asked.run(asked.client.poll({.job = "j1"}));
  CHECK(other.url == "https://cdn/x.mp4");
  CHECK_FALSE(other.needs_key);
}

TEST_CASE("http generator: the key goes to the configured host only") {
  Asked asked;
  CHECK(asked.client.headers_for("http://gpu.shop:8000/files/x.mp4").size() == 1);
  for (const char* foreign :
       {"https://gpu.shop:8000/x", "http://gpu.shop/x", "http://gpu.shop:8000.evil.example/x",
        "http://gpu.shop:8000@evil.example/x", "http://evil.example/gpu.shop:8000"}) {
    CHECK_MESSAGE(asked.client.headers_for(foreign).empty(), foreign);
  }
  GeneratorOptions public_files = own_server();
  public_files.http.result_needs_key = false;
  Asked open(public_files);
  CHECK(open.client.headers_for("http://gpu.shop:8000/files/x.mp4").empty());
}

TEST_CASE("http generator: where a repeat is safe, a lost submit is found by the same key") {
  Asked asked;
  const auto look = [&asked](HttpResponse seen, GenerationJob wanted = job()) {
    asked.http.answers = {std::move(seen)};
    asked.http.calls.clear();
    return asked.run(asked.client.look_up(std::move(wanted)));
  };
  CHECK(asked.client.abilities().looks_up);
  const LookUpAnswer found = look(told(R"("id":"j1")"));
  CHECK(found.result == LookUpResult::found);
  CHECK(found.job == "j1");
  CHECK(asked.header("idempotency-key") == job().key);
  // Only a word about the inputs: the status may also mean that the key was used before.
  for (const char* code : {"bad_ratio", "SAFETY.INPUT"}) {
    const std::string coded = fmt::format(R"({{"job":{{"error":{{"code":"{}"}}}}}})", code);
    CHECK(look(answered(422, coded)).result == LookUpResult::none);
    CHECK(look(answered(500, coded)).result == LookUpResult::none);
  }
  CHECK(look(answered(422, R"({"job":{"error":{"code":"key_used"}}})")).result ==
        LookUpResult::unclear);
  for (const int status : {400, 401, 402, 404, 409, 422, 429, 500}) {
    CHECK(look(answered(status, "{}")).result == LookUpResult::unclear);
  }
  // Nothing is sent where it could be another job, or a new one.
  GenerationJob lost = job();
  lost.prompt.clear();
  CHECK(look(told(R"("id":"j1")"), lost).result == LookUpResult::unclear);
  GenerationJob old = job();
  old.ordered = asked.run.clock.now() - std::chrono::hours(24);
  CHECK(look(told(R"("id":"j1")"), old).result == LookUpResult::unclear);
  GenerationJob without_key = job();
  without_key.key.clear();
  CHECK(look(told(R"("id":"j1")"), without_key).result == LookUpResult::unclear);
  CHECK(asked.run(asked.client.submit(without_key)).result == SubmitResult::refused);
  CHECK(asked.http.calls.empty());
}

TEST_CASE("http generator: a list of a look-up is believed only if it is about this key") {
  GeneratorOptions options = own_server();
  options.http.look_up_path = "/jobs?key={key}";
  options.http.look_up_pointer = "/jobs";
  options.http.look_up_match_pointer = "/key";
  options.http.look_up_id_pointer = "/id";
  options.http.look_up_none_status = {404};
  Asked asked(options);
  const auto look = [&asked](int status, const std::string& body) {
    asked.http.answers = {answered(status, body)};
    asked.http.calls.clear();
    return asked.run(asked.client.look_up(job()));
  };
  const std::string ours = R"({"id":"new","key":"0123456789abcdef0123456789abcdef"})";
  const std::string old = R"({"id":"old","key":"0123456789abcdef0123456789abcdef"})";
  const LookUpAnswer found = look(200, R"({"jobs":[)" + ours + "," + old + "]}");
  CHECK(found.result == LookUpResult::found);
  CHECK(found.job == "old");
  CHECK(found.extras == 1);
  CHECK(asked.http.calls[0].method == "GET");
  CHECK(asked.http.calls[0].url == "http://gpu.shop:8000/v1/jobs?key=" + job().key);
  CHECK(look(200, R"({"jobs":)" + ours + "}").job == "new");
  CHECK(look(200, R"({"jobs":[{"id":"x","key":7}]})").result == LookUpResult::found);
  CHECK(look(200, R"({"jobs":[]})").result == LookUpResult::none);
  CHECK(look(404, "{}").result == LookUpResult::none);
  CHECK(look(404, "<html>").result == LookUpResult::unclear);
  const std::string foreign = R"({"id":"x","key":"other"})";
  for (const std::string& jobs :
       {fmt::format("[{},{}]", ours, foreign), foreign, std::string("null"), std::string("[null]"),
        std::string("7"), std::string(R"([{"id":"","key":7}])")}) {
    CHECK_MESSAGE(look(200, R"({"jobs":)" + jobs + "}").result == LookUpResult::unclear, jobs);
  }
  CHECK(look(200, "{}").result == LookUpResult::unclear);
  CHECK(look(200, "<html>").result == LookUpResult::unclear);
  CHECK(look(500, R"({"jobs":[]})").result == LookUpResult::unclear);
}

TEST_CASE("http generator: a cancelled, ended or unknown job is over") {
  Asked asked;
  for (const int status : {200, 204, 404, 409, 410}) {
    asked.http.answers = {answered(status, "")};
    CHECK(asked.run(asked.client.cancel({.job = "a/b"})));
  }
  CHECK(asked.http.calls[0].method == "DELETE");
  CHECK(asked.http.calls[0].url == "http://gpu.shop:8000/v1/jobs/a%2Fb");
  for (const int status : {302, 401, 500}) {
    asked.http.answers = {answered(status, "")};
    CHECK_FALSE(asked.run(asked.client.cancel({.job = "j1"})));
  }
}

TEST_CASE("http generator: it can do what its description says") {
  GeneratorOptions options = own_server();
  options.poll_min = std::chrono::seconds(5);
  const auto abilities = [&options] { return Asked(options).client.abilities(); };
  CHECK(abilities().cancels);
  CHECK(abilities().calls_back);
  CHECK(abilities().poll_min == std::chrono::seconds(5));
  options.callback_secret = Secret("not-a-secret-of-that-form");
  CHECK_FALSE(abilities().calls_back);
  options.callback_secret = Secret(callback_secret);
  options.http.body.erase("hooks");
  CHECK_FALSE(abilities().calls_back);
  options.models = {{.name = "m1", .input = object(R"({"webhook":"{callback}"})")}};
  CHECK(abilities().calls_back);
  options.http.repeat_is_safe = false;
  options.http.cancel_path = "";
  CHECK_FALSE(abilities().looks_up);
  CHECK_FALSE(abilities().cancels);
  Asked neither(options);
  CHECK(neither.run(neither.client.look_up(job())).result == LookUpResult::unclear);
  CHECK(neither.http.calls.empty());
}

TEST_CASE("http generator: a callback names its job only with a good signature") {
  Asked asked;
  const auto read = [&asked](const std::string& body, const std::string& signed_body) {
    const Time now = asked.run.clock.now();
    const std::string signature =
        sign_standard_webhook("msg_1", now, signed_body, Secret(callback_secret));
    const HttpRequest request{.method = "POST",
                              .headers = {{"webhook-id", "msg_1"},
                                          {"webhook-timestamp", std::to_string(to_unix_s(now))},
                                          {"webhook-signature", signature}},
                              .body = body};
    return asked.run(asked.client.read_callback(request));
  };
  const std::string good = R"({"job":{"id":"j1"}})";
  CHECK(read(good, good).value() == "j1");
  CHECK(read(good, good + " ").error().code == Errc::forbidden);
  CHECK(read("{}", "{}").error().code == Errc::invalid);
  CHECK(read("x", "x").error().code == Errc::invalid);
  CHECK(asked.run(asked.client.read_callback({.body = good})).error().code == Errc::forbidden);
}

TEST_CASE("http generator: an unknown state is logged once, and a sentence only by its length") {
  const test::ChildEnd end = test::run_in_child([] {
    set_log_level(LogLevel::warn);
    Asked asked;
    for (const char* state : {"dreaming", "dreaming", "a cat is drawn", "dreaming"}) {
      asked.http.answers = {told(fmt::format(R"("state":"{}")", state))};
      asked.run(asked.client.poll({.job = "j1"}));
    }
  });
  CHECK(end.signal == 0);
  const std::string first =
      R"("event":"generator_state_unknown","generator":"gpu","state":"dreaming","state_bytes":8})";
  const std::string second =
      R"("event":"generator_state_unknown","generator":"gpu","state":"","state_bytes":14})";
  CHECK(std::ranges::count(end.said, '\n') == 2);
  CHECK(end.said.find(first) < end.said.find(second));
  CHECK(end.said.find(second) != std::string::npos);
}

TEST_CASE("http generator: it is made from its options") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  const Generators all(http, metrics, run.clock, {own_server()});
  REQUIRE(all.find("gpu") != nullptr);
  CHECK(all.find("gpu")->abilities().looks_up);
}

}  // namespace
}  // namespace claimcheck::http_generator
