// Replicate's documented answers, each with the verdict it must get, and the requests as they are
// documented. The callbacks were signed by the npm package standardwebhooks, at 1790000000.
#include "base/json.hpp"
#include "generator/replicate.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::replicate {
namespace {

constexpr const char* id = "gm3qorzdhgbfurvjtvhg6dckhu";

GenerationJob job() {
  return {.prompt = "a\xF0\x9F\x8E\xAC \"b\"",
          .model = "google/veo-3-fast",
          .seed = 42,
          .key = "0123456789abcdef0123456789abcdef",
          .width = 1280,
          .height = 720,
          .duration_s = 8};
}

GeneratorOptions options() {
  return {.name = "replicate",
          .kind = GeneratorKind::replicate,
          .url = "https://api.replicate.test",
          .key = Secret("r8_key"),
          .callback_secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
}

struct World {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client;
  explicit World(GeneratorOptions given = options())
      : client(http, metrics, run.clock, std::move(given)) {}
};

HttpResponse answer(int status, const std::string& body) {
  return {.status = status, .body = body};
}

std::string prediction(const std::string& rest) {
  return std::string(R"({"id":")") + id + "\"," + rest + "}";
}

PollAnswer polled(const std::string& rest) { return read_poll(answer(200, prediction(rest)), id); }

PollAnswer failed_with(const std::string& error) {
  return polled(R"("status":"failed","error":)" + json::print(error));
}

TEST_CASE("replicate: a submit goes to the model, once, with the inputs as the model names them") {
  World world;
  world.http.answers = {answer(201, prediction(R"("status":"starting")"))};
  const SubmitAnswer told = world.run(world.client.submit(job()));
  CHECK(told.result == SubmitResult::accepted);
  CHECK(told.job == id);
  const HttpCall& call = world.http.calls.at(0);
  CHECK(call.method == "POST");
  CHECK(call.url == "https://api.replicate.test/v1/models/google/veo-3-fast/predictions");
  CHECK(*find_header(call.headers, "authorization") == "Bearer r8_key");
  CHECK(*find_header(call.headers, "content-type") == "application/json");
  CHECK(call.send_once);
  CHECK(json::parse(call.body).value() ==
        json::parse(R"({"input":{"prompt":"a🎬 \"b\"","duration":8,"aspect_ratio":"16:9",)"
                    R"("resolution":"720p"}})")
            .value());
}

TEST_CASE("replicate: a version, a model's own inputs and a callback are sent as documented") {
  GeneratorOptions own = options();
  own.models = {{.name = "some-one/a.model:5c7d5dc6",
                 .input = {{"text", "{prompt}"}, {"seconds", "{duration}s"}}}};
  World world(own);
  GenerationJob wanted = job();
  wanted.model = "some-one/a.model:5c7d5dc6";
  wanted.callback_url = "https://shop.test/api/callbacks/replicate";
  world.http.answers = {answer(201, prediction(R"("status":"starting")"))};
  CHECK(world.run(world.client.submit(wanted)).result == SubmitResult::accepted);
  CHECK(world.http.calls.at(0).url == "https://api.replicate.test/v1/predictions");
  CHECK(json::parse(world.http.calls.at(0).body).value() ==
        json::parse(R"({"input":{"text":"a🎬 \"b\"","seconds":"8s"},"version":"5c7d5dc6",)"
                    R"("webhook":"https://shop.test/api/callbacks/replicate",)"
                    R"("webhook_events_filter":["completed"]})")
            .value());
}

TEST_CASE("replicate: no callback is asked for at a plain address, but where it is played") {
  const auto body_of = [](const std::string& url, const char* callback) {
    GeneratorOptions given = options();
    given.url = url;
    World world(given);
    GenerationJob wanted = job();
    wanted.callback_url = callback;
    world.http.answers = {answer(201, prediction(R"("status":"starting")"))};
    CHECK(world.run(world.client.submit(wanted)).result == SubmitResult::accepted);
    return world.http.calls.at(0).body;
  };
  const std::string own = options().url;
  CHECK_FALSE(body_of(own, "http://shop.test/x").contains("webhook"));
  CHECK(body_of(own, "https://shop.test/x").contains("webhook"));
  CHECK(body_of("http://127.0.0.1:4242/replicate", "http://127.0.0.1/x").contains("webhook"));
}

TEST_CASE("replicate: images and music have inputs of their own") {
  GenerationJob image = job();
  image.media = MediaKind::image;
  CHECK(submit_body(image, options()) ==
        json::parse(R"({"input":{"prompt":"a🎬 \"b\"","aspect_ratio":"16:9"}})").value());
  GenerationJob audio = job();
  audio.media = MediaKind::audio;
  CHECK(submit_body(audio, options()) ==
        json::parse(R"({"input":{"prompt":"a🎬 \"b\"","duration":8}})").value());
}

TEST_CASE("replicate: without a secret no callback is asked for, nor read") {
  GeneratorOptions own = options();
  own.callback_secret = Secret();
  World world(own);
  CHECK_FALSE(world.client.abilities().calls_back);
  GenerationJob wanted = job();
  wanted.callback_url = "https://shop.test/x";
  world.http.answers = {answer(201, prediction(R"("status":"starting")"))};
  CHECK(world.run(world.client.submit(wanted)).result == SubmitResult::accepted);
  CHECK(world.http.calls.at(0).body.find("webhook") == std::string::npos);
  CHECK(world.run(world.client.read_callback({})).error().code == Errc::unavailable);
}

TEST_CASE("replicate: a text that is no model's name is not sent, and is a fault of the setup") {
  for (const char* none : {"", "veo", "/veo", "google/", "google/veo:", "a/b/c", "a:b/c", "../x",
                           "google/ve o", "google/veo?x", "google/.."}) {
    World world;
    GenerationJob wanted = job();
    wanted.model = none;
    const SubmitAnswer told = world.run(world.client.submit(wanted));
    CHECK_MESSAGE(told.result == SubmitResult::refused, none);
    CHECK_MESSAGE(told.failure == Failure::configuration, none);
    CHECK(world.http.calls.empty());
    CHECK(world.run(world.client.has_model(none)).value() == std::optional(false));
  }
}

struct SubmitCase {
  int status;
  const char* body;
  SubmitResult result;
  Failure failure = Failure::none;
};

TEST_CASE("replicate: every answer to a submit has its verdict") {
  constexpr auto refused = SubmitResult::refused;
  constexpr auto unclear = SubmitResult::unclear;
  const std::vector<SubmitCase> cases = {
      {201, R"({"id":"abc","status":"starting"})", SubmitResult::accepted},
      {202, R"({"id":"abc","status":"processing"})", SubmitResult::accepted},
      // It may have failed at once: the poll tells.
      {201, R"({"id":"abc","status":"failed","error":"x"})", SubmitResult::accepted},
      {401, R"({"title":"Unauthenticated","detail":"…","status":401})", refused,
       Failure::configuration},
      {403, "<html>", refused, Failure::configuration},
      {402, R"({"title":"Insufficient credit","detail":"…","status":402})", refused,
       Failure::balance},
      {429, R"({"detail":"Request was throttled."})", refused, Failure::throttled},
      {404, R"({"detail":"The requested resource could not be found.","status":404})", refused,
       Failure::configuration},
      {422, R"({"title":"Invalid version or not permitted","detail":"…","status":422})", refused,
       Failure::configuration},
      {422, R"({"title":"Input validation failed","detail":"- input.prompt is required"})",
       SubmitResult::rejected, Failure::input},
      {400, R"({"detail":"bad"})", SubmitResult::rejected, Failure::input},
      // Gateways, and words that do not say whether a prediction was made.
      {400, "<html>", unclear},
      {404, "<html>", unclear},
      {422, "", unclear},
      {418, "{}", unclear},
      {302, "{}", unclear},
      {500, R"({"detail":"Internal"})", unclear},
      {502, "<html>", unclear},
      {504, "", unclear},
      {201, "<html>", unclear},
      {201, "{}", unclear},
      {201, R"({"id":7})", unclear},
      {201, R"({"id":"../x"})", unclear},
  };
  for (const SubmitCase& each : cases) {
    CAPTURE(each.status);
    CAPTURE(each.body);
    const SubmitAnswer told = read_submit(answer(each.status, each.body));
    CHECK(told.result == each.result);
    CHECK(told.failure == each.failure);
  }
  CHECK(read_submit(fail(Errc::not_sent, "")).result == refused);
  CHECK(read_submit(fail(Errc::ambiguous, "")).result == unclear);
}

TEST_CASE("replicate: how long it throttles is in the header, else in its sentence") {
  const auto wait = [](const std::string& detail, HttpHeaders headers = {}) {
    HttpResponse busy{.status = 429, .headers = std::move(headers)};
    busy.body = R"({"detail":)" + json::print(detail) + "}";
    return read_submit(busy).retry_after / std::chrono::seconds(1);
  };
  CHECK(wait("Request was throttled. Your rate limit resets in ~30s.") == 30);
  CHECK(wait("Request was throttled. Expected available in 1 second.") == 1);
  CHECK(wait("Reduced while you have less than $5.0 in credit. Your rate limit resets in ~7s.") ==
        7);
  CHECK(wait("Your rate limit resets in ~30s.", {{"retry-after", "9"}}) == 9);
  CHECK(wait("Your rate limit resets in ~2m.") == 0);
  CHECK(wait("Your rate limit resets in ~99999999999999999999s.") == 0);
  CHECK(wait("Your rate limit resets in ") == 0);
  CHECK(wait("Request was throttled.") == 0);
}

TEST_CASE("replicate: every state of a prediction has its verdict") {
  CHECK(polled(R"("status":"starting")").result == PollResult::running);
  CHECK(polled(R"("status":"processing","output":null)").result == PollResult::running);
  CHECK(polled(R"("status":"succeeded","output":"https://r.test/o.mp4")").result ==
        PollResult::ready);
  for (const char* ended : {"canceled", "aborted"}) {
    const PollAnswer told = polled(std::string(R"("status":")") + ended + "\"");
    CHECK(told.result == PollResult::failed);
    CHECK(told.failure == Failure::transient);
  }
  for (const char* other : {R"("status":"sleeping")", R"("status":7)", R"("x":1)",
                            R"("status":"Succeeded","output":"https://r.test/o.mp4")"}) {
    CHECK_MESSAGE(polled(other).result == PollResult::unclear, other);
  }
}

TEST_CASE("replicate: a failure is told by its code, never by its sentence") {
  const auto failure = [](const std::string& error) { return failed_with(error).failure; };
  CHECK(failure("The input or output was flagged as sensitive. (E005) (uIJ6l3ruRD)") ==
        Failure::content);
  CHECK(failure("E1000: Unknown error") == Failure::transient);
  CHECK(failure("Model ran out of memory (E1001)") == Failure::input);
  CHECK(failure("E4875") == Failure::configuration);
  CHECK(failure("Director: E6716, timeout starting prediction") == Failure::transient);
  for (const char* unknown :
       {"", "NSFW content detected", "flagged as sensitive", "E9999", "E00512 x", "xE005", "E005x",
        "E5", "THE E IS (E)", "CUDA out of memory"}) {
    CHECK_MESSAGE(failure(unknown) == Failure::unknown, unknown);
  }
  CHECK(polled(R"("status":"failed","error":{"x":1})").failure == Failure::unknown);
  // It may repeat the prompt.
  CHECK(failed_with("a cat").reason == "the generator reported an error");
  CHECK(failed_with("a cat (E1001)").reason == "the generator reported an error: E1001");
}

TEST_CASE("replicate: an output is an address, a list of them, or an object with one") {
  const auto url = [](const std::string& output) {
    return polled(R"("status":"succeeded","output":)" + output).url;
  };
  CHECK(url(R"("https://r.test/o.mp4")") == "https://r.test/o.mp4");
  CHECK(url(R"(["https://r.test/1.mp4","https://r.test/2.mp4"])") == "https://r.test/1.mp4");
  CHECK(url(R"([null,"text","https://r.test/2.mp4"])") == "https://r.test/2.mp4");
  CHECK(url(R"({"thumbnail":"https://r.test/t.png","video":"https://r.test/v.mp4"})") ==
        "https://r.test/v.mp4");
  CHECK(url(R"({"made":{"file":"https://r.test/f.mp4"}})") == "https://r.test/f.mp4");
  for (const char* none :
       {"null", "7", "[]", "{}", R"("data:video/mp4;base64,AAAA")", R"("javascript:alert")",
        R"("a sentence")", R"([[[["https://r.test/o.mp4"]]]])",
        // Which of them is the result?
        R"({"preview":"https://r.test/p.mp4","movie":"https://r.test/m.mp4"})",
        R"([{"a":"https://r.test/a.mp4","b":{"c":"https://r.test/c.mp4"}}])"}) {
    CAPTURE(none);
    const PollAnswer told = polled(R"("status":"succeeded","output":)" + std::string(none));
    CHECK(told.result == PollResult::unclear);
    CHECK(told.url.empty());
  }
}

TEST_CASE("replicate: a result lives for an hour, and its own word that it is gone is one") {
  const std::string done = R"("status":"succeeded","output":"https://r.test/o.mp4")";
  const auto expires = [&](const std::string& completed) {
    return polled(done + R"(,"completed_at":)" + json::print(completed)).expires;
  };
  const Time end = from_iso("2026-11-29T02:02:03.000Z").value();
  CHECK(expires("2026-11-29T01:02:03.456789Z") == std::optional(end));
  CHECK(expires("2026-11-29T01:02:03Z") == std::optional(end));
  CHECK(expires("yesterday") == std::nullopt);
  CHECK(polled(done).expires == std::nullopt);
  const PollAnswer gone = polled(R"("status":"succeeded","output":null,"data_removed":true)");
  CHECK(gone.result == PollResult::missing);
}

TEST_CASE("replicate: only its own 404 says that there is no prediction") {
  CHECK(read_poll(answer(404, R"({"detail":"not found"})"), id).result == PollResult::missing);
  CHECK(read_poll(answer(404, "<html>"), id).result == PollResult::unclear);
  for (const int status : {401, 402, 403, 429, 500, 502}) {
    CHECK(read_poll(answer(status, R"({"detail":"x"})"), id).result == PollResult::unclear);
  }
  CHECK(read_poll(answer(200, "<html>"), id).result == PollResult::unclear);
  CHECK(read_poll(fail(Errc::ambiguous, ""), id).result == PollResult::unclear);
  // About another prediction.
  CHECK(read_poll(answer(200, prediction(R"("status":"failed","error":"x")")), "other").result ==
        PollResult::unclear);
}

TEST_CASE("replicate: the key goes to the configured host only") {
  World world;
  world.http.answers = {
      answer(200, prediction(R"("status":"succeeded","output":"https://replicate.test/o.mp4")")),
      answer(200, prediction(R"("status":"succeeded",)"
                             R"("output":"https://api.replicate.test/v1/files/x/download")"))};
  const PollAnswer public_one = world.run(world.client.poll({.job = id}));
  CHECK_FALSE(public_one.needs_key);
  CHECK(world.client.headers_for(public_one.url).empty());
  CHECK(world.client.headers_for("http://api.replicate.test/o.mp4").empty());
  CHECK(world.client.headers_for("https://api.replicate.test.evil.test/o.mp4").empty());
  const PollAnswer own = world.run(world.client.poll({.job = id}));
  CHECK(own.needs_key);
  CHECK(world.client.headers_for(own.url).at(0).value == "Bearer r8_key");
  CHECK(world.http.calls.at(0).url ==
        std::string("https://api.replicate.test/v1/predictions/") + id);
  // A handle is a part of the path, whatever it holds.
  CHECK(world.run(world.client.poll({.job = "a/../b?c"})).result == PollResult::unclear);
  CHECK(world.http.calls.at(2).url == "https://api.replicate.test/v1/predictions/a%2F..%2Fb%3Fc");
}

TEST_CASE("replicate: a prediction is cancelled by its id, and one that is gone needs no more") {
  World world;
  CHECK(world.client.abilities().cancels);
  world.http.answers = {answer(200, prediction(R"("status":"canceled")")),
                        answer(404, R"({"detail":"x"})"), answer(404, "<html>"), answer(500, "{}")};
  CHECK(world.run(world.client.cancel({.job = id})).has_value());
  CHECK(world.http.calls.at(0).method == "POST");
  CHECK(world.http.calls.at(0).url ==
        "https://api.replicate.test/v1/predictions/" + std::string(id) + "/cancel");
  CHECK(world.run(world.client.cancel({.job = id})).has_value());
  for (int i = 0; i < 3; ++i) {  // the last one without an answer
    CHECK(world.run(world.client.cancel({.job = id})).error().code == Errc::unavailable);
  }
}

TEST_CASE("replicate: a signed callback names its prediction, any other one is refused") {
  const std::string body = R"({"id":"gm3qorzdhgbfurvjtvhg6dckhu","status":"succeeded",)"
                           R"("output":"https://replicate.delivery/x/out.mp4"})";
  const std::string signature = "v1,B95ppT6Q1NaMydAGynT8u3hwX644YJUsEqwNCwMtdsU=";
  const auto callback = [](const std::string& signed_by, const std::string& text) {
    return HttpRequest{.method = "POST",
                       .headers = {{"webhook-id", "msg_1"},
                                   {"webhook-timestamp", "1790000000"},
                                   {"webhook-signature", signed_by}},
                       .body = text};
  };
  World world;
  const auto read = [&](const HttpRequest& request) {
    return world.run(world.client.read_callback(request));
  };
  CHECK(read(callback(signature, body)).value() == id);
  CHECK(read(callback(signature, body + " ")).error().code == Errc::forbidden);
  CHECK(read(callback("v1,m74obzh8lg/Z9BNwX2hA4S5VcId9cNcBiqulhjLRsn0=", body)).error().code ==
        Errc::forbidden);
  CHECK(read({.body = body}).error().code == Errc::forbidden);
  CHECK(
      read(callback("v1,xlM+KIVecWdQiaFGUhN0bOrmEmaZUNHIlFsN7OVP6B0=", R"({"status":"succeeded"})"))
          .error()
          .code == Errc::invalid);
  world.run.clock.advance(std::chrono::seconds(301));
  CHECK(read(callback(signature, body)).error().code == Errc::forbidden);
  // Two keys are valid while one is replaced.
  GeneratorOptions both = options();
  both.callback_secret =
      Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM=,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  World other(both);
  CHECK(other.run(other.client.read_callback(callback(signature, body))).value() == id);
}

TEST_CASE("replicate: a model is there, or it is gone, or nobody knows") {
  World world;
  world.http.answers = {answer(200, R"({"owner":"google"})"),
                        answer(404, R"({"detail":"x"})"),
                        answer(404, "<html>"),
                        answer(401, "{}"),
                        answer(500, "{}"),
                        answer(200, R"({"id":"1"})")};
  const auto has = [&](const char* model) { return world.run(world.client.has_model(model)); };
  CHECK(has("google/veo-3-fast").value() == std::optional(true));
  CHECK(world.http.calls.at(0).url == "https://api.replicate.test/v1/models/google/veo-3-fast");
  CHECK(has("google/veo-3-fast").value() == std::optional(false));
  CHECK(has("google/veo-3-fast").error().code == Errc::unavailable);
  CHECK(has("google/veo-3-fast").error().code == Errc::forbidden);
  CHECK(has("google/veo-3-fast").error().code == Errc::unavailable);
  CHECK(has("a/b:c1").value() == std::optional(true));
  CHECK(world.http.calls.at(5).url == "https://api.replicate.test/v1/models/a/b/versions/c1");
}

TEST_CASE("replicate: what it cannot tell is not made up") {
  World world;
  CHECK_FALSE(world.client.abilities().looks_up);
  CHECK(world.run(world.client.look_up(job())).result == LookUpResult::unclear);
  CHECK(world.run(world.client.balance()).value() == std::nullopt);
  CHECK(world.http.calls.empty());
}

}  // namespace
}  // namespace claimcheck::replicate
