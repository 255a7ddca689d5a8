// fal's documented answers, each with the meaning that it must get.
#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/fal.hpp"
#include "generator/fal_answers.hpp"
#include "support/child.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <tuple>

namespace claimcheck::fal {
namespace {

const std::string id = "764cabcf-b745-4b3e-ae38-1200304cf45b";
const std::string handle = "fal-ai/veo3/requests/" + id;
const std::string status_path = "https://queue.fal.run/" + handle + "/status";

GenerationJob job() {
  return {.prompt = "a\xF0\x9F\x8E\xAC \"b\"",
          .model = "fal-ai/veo3/fast",
          .seed = 42,
          .width = 1280,
          .height = 720,
          .duration_s = 8};
}

HttpResponse answered(int status, std::string body, HttpHeaders headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

std::string accepted(const std::string& base, const std::string& result = "") {
  return fmt::format(R"({{"status":"IN_QUEUE","request_id":"{0}","response_url":"{1}{2}",)"
                     R"("status_url":"{1}/status","cancel_url":"{1}/cancel","queue_position":0}})",
                     id, base, result);
}

std::string state(std::string_view word, const std::string& more = "") {
  return fmt::format(R"({{"status":"{}","request_id":"{}"{}}})", word, id, more);
}

struct World {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  GeneratorOptions options = {
      .kind = GeneratorKind::fal, .url = std::string(default_url), .key = Secret("id:secret")};
  SubmitAnswer submit(const Result<HttpResponse>& answer, const GenerationJob& order = job()) {
    Client client(http, metrics, run.clock, options);
    http.answers = {answer};
    return run(client.submit(order));
  }
  PollAnswer poll(std::deque<Result<HttpResponse>> answers, const std::string& of = handle) {
    Client client(http, metrics, run.clock, options);
    http.answers = std::move(answers);
    return run(client.poll({.job = of}));
  }
  Result<void> cancel(const Result<HttpResponse>& answer) {
    Client client(http, metrics, run.clock, options);
    http.answers = {answer};
    return run(client.cancel({.job = handle}));
  }
};

TEST_CASE("fal: a submit goes out once, to the model's path, with the key as fal wants it") {
  World world;
  GenerationJob order = job();
  order.callback_url = "https://shop.example/cb?a=1";
  const SubmitAnswer answer =
      world.submit(answered(200, accepted("https://queue.fal.run/" + handle)), order);
  CHECK(answer.result == SubmitResult::accepted);
  CHECK(answer.job == handle);
  const HttpCall& call = world.http.calls.at(0);
  CHECK(call.method == "POST");
  CHECK(call.url ==
        "https://queue.fal.run/fal-ai/veo3/fast?fal_webhook="
        "https%3A%2F%2Fshop.example%2Fcb%3Fa%3D1%26model%3Dfal-ai%252Fveo3%252Ffast");
  CHECK(*find_header(call.headers, "authorization") == "Key id:secret");
  CHECK(*find_header(call.headers, "content-type") == "application/json");
  CHECK(call.send_once);
  CHECK(call.body == R"({"prompt":"a🎬 \"b\"","duration":"8s","aspect_ratio":"16:9",)"
                     R"("resolution":"720p","seed":42})");
}

TEST_CASE("fal: a model's own input replaces the usual one, and without a callback there is none") {
  World world;
  world.options.models = {
      {.name = "fal-ai/veo3/fast", .input = {{"text", "{prompt}"}, {"duration", "{duration}"}}}};
  world.submit(answered(500, ""));
  CHECK(world.http.calls.at(0).url == "https://queue.fal.run/fal-ai/veo3/fast");
  CHECK(world.http.calls.at(0).body == R"({"text":"a🎬 \"b\"","duration":8})");
  GenerationJob image = job();
  image.model = "fal-ai/flux/dev";
  image.media = MediaKind::image;
  CHECK(submit_body(image, world.options).at("image_size").at("width") == 1280);
  image.media = MediaKind::audio;
  CHECK(submit_body(image, world.options).as_object().size() == 1);
}

TEST_CASE("fal: no callback is asked for at a plain address, but where it is played") {
  const auto url_of = [](const std::string& url, const char* callback) {
    World world;
    world.options.url = url;
    GenerationJob order = job();
    order.callback_url = callback;
    world.submit(answered(500, ""), order);
    return world.http.calls.at(0).url;
  };
  CHECK(url_of(std::string(default_url), "http://shop.test/x").find("fal_webhook") ==
        std::string::npos);
  CHECK(url_of(std::string(default_url), "https://shop.test/x").find("fal_webhook") !=
        std::string::npos);
  CHECK(url_of("http://127.0.0.1:4242/fal", "http://127.0.0.1/x").find("fal_webhook") !=
        std::string::npos);
}

TEST_CASE("fal: a model that is no path is not called") {
  for (const char* model : {"", "a//b", "../x", "a/./b", "a b", "a?b", "a/b/", "/a/b", "a%2fb"}) {
    CAPTURE(model);
    World world;
    GenerationJob order = job();
    order.model = model;
    const SubmitAnswer answer = world.submit(answered(200, "{}"), order);
    CHECK(answer.result == SubmitResult::refused);
    CHECK(answer.failure == Failure::configuration);
    CHECK(world.http.calls.empty());
  }
}

TEST_CASE("fal: every answer to a submit has its meaning") {
  const std::string refused_content =
      R"({"detail":[{"loc":["body","prompt"],"msg":"a secret prompt","type":"missing"},)"
      R"({"loc":["body","prompt"],"msg":"a secret prompt","type":"content_policy_violation"}]})";
  const std::string invalid =
      R"({"detail":[{"loc":["body","duration"],"msg":"a secret prompt","type":"one_of"}]})";
  const std::string broke =
      R"({"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai."})";
  using Row = std::tuple<int, std::string, SubmitResult, Failure>;
  const std::vector<Row> rows = {
      {422, refused_content, SubmitResult::rejected, Failure::content},
      {422, invalid, SubmitResult::rejected, Failure::input},
      {400, R"({"detail":"x","error_type":"bad_request"})", SubmitResult::rejected, Failure::input},
      {401, R"({"detail":"no"})", SubmitResult::refused, Failure::configuration},
      {402, R"({"detail":"no"})", SubmitResult::refused, Failure::balance},
      {403, broke, SubmitResult::refused, Failure::balance},
      {403, R"({"detail":"User is locked. Reason: TOP_UP."})", SubmitResult::refused,
       Failure::balance},
      {403, R"({"detail":"User is locked. Reason: Admin lock."})", SubmitResult::refused,
       Failure::configuration},
      {403, "<html>", SubmitResult::refused, Failure::configuration},
      {404, R"({"detail":"Application not found"})", SubmitResult::refused, Failure::configuration},
      {429, R"({"detail":"slow"})", SubmitResult::refused, Failure::throttled},
      {404, "<html>", SubmitResult::unclear, Failure::none},
      {400, R"({"detail":"a text"})", SubmitResult::unclear, Failure::none},
      {422, "<html>", SubmitResult::unclear, Failure::none},
      {499, R"({"detail":"x","error_type":"client_disconnected"})", SubmitResult::unclear,
       Failure::none},
      {500, R"({"detail":"x","error_type":"internal_error"})", SubmitResult::unclear,
       Failure::none},
      {503, R"({"detail":"x","error_type":"runner_scheduling_failure"})", SubmitResult::unclear,
       Failure::none},
      {200, "<html>", SubmitResult::unclear, Failure::none},
      {200, R"({"request_id":"x"})", SubmitResult::unclear, Failure::none},
      {302, "", SubmitResult::unclear, Failure::none},
  };
  for (const auto& [status, body, result, failure] : rows) {
    CAPTURE(status);
    CAPTURE(body);
    const SubmitAnswer answer = read_submit(answered(status, body), default_url);
    CHECK(answer.result == result);
    CHECK(answer.failure == failure);
    CHECK(answer.reason.find("secret") == std::string::npos);
  }
  CHECK(read_submit(fail(Errc::not_sent, ""), default_url).result == SubmitResult::refused);
  CHECK(read_submit(fail(Errc::ambiguous, ""), default_url).result == SubmitResult::unclear);
  // The reason names a type of one word only.
  const auto reason = [](const std::string& type) {
    const std::string body = R"({"detail":[{"type":")" + type + R"("}]})";
    return read_submit(answered(422, body), default_url).reason;
  };
  CHECK(reason("one_of") == "the generator rejected it (422): one_of");
  CHECK(reason("a secret prompt") == "the generator rejected it (422)");
  const HttpResponse busy = answered(429, "{}", {{"retry-after", "30"}});
  CHECK(read_submit(busy, default_url).retry_after == std::chrono::seconds(30));
}

TEST_CASE("fal: a job is followed at the configured host only") {
  const auto job_of = [](const std::string& body, std::string_view url) {
    return read_submit(answered(200, body), url).job;
  };
  CHECK(job_of(accepted("https://queue.fal.run/" + handle), default_url) == handle);
  CHECK(job_of(accepted("https://queue.fal.run/" + handle, "/response"), default_url) == handle);
  // The other host of the same queue.
  CHECK(job_of(accepted("https://queue.fal.run/" + handle), "https://queue.falrun.com") == handle);
  CHECK(job_of(accepted("http://localhost:4242/fal/" + handle), "http://localhost:4242/fal") ==
        handle);
  for (const char* host :
       {"https://evil.example/", "https://queue.fal.run.evil.example/", "http://queue.fal.run/",
        "https://queue.fal.run@evil.example/", "https://queue.fal.run/../", "//queue.fal.run/"}) {
    CAPTURE(host);
    CHECK(job_of(accepted(host + handle), default_url).empty());
  }
  // The key goes nowhere else, whatever a status names.
  World world;
  world.poll({answered(200, state("COMPLETED", R"(,"response_url":"https://evil.example/r")")),
              answered(200, "{}")});
  for (const HttpCall& call : world.http.calls) CHECK(call.url.starts_with(default_url));
  CHECK(world.http.calls.size() == 2);
}

TEST_CASE("fal: addresses of another form are kept as they are") {
  const std::string told = R"({"request_id":"r1","status_url":"https://queue.fal.run/v2/s/r1",)"
                           R"("response_url":"https://queue.fal.run/v2/r/r1",)"
                           R"("cancel_url":"https://queue.fal.run/v2/c"})";
  const SubmitAnswer answer = read_submit(answered(200, told), default_url);
  REQUIRE(answer.result == SubmitResult::accepted);
  World world;
  world.poll({answered(200, R"({"status":"COMPLETED","request_id":"r1"})"), answered(200, "{}")},
             answer.job);
  CHECK(world.http.calls.at(0).url == "https://queue.fal.run/v2/s/r1");
  CHECK(world.http.calls.at(1).url == "https://queue.fal.run/v2/r/r1");
  CHECK(places_of(answer.job).cancel == "/v2/c");
  // Too long for a handle: nobody could follow it.
  const std::string long_path(500, 'a');
  const std::string long_told =
      fmt::format(R"({{"request_id":"r","status_url":"https://queue.fal.run/{0}","response_url":)"
                  R"("https://queue.fal.run/{0}"}})",
                  long_path);
  CHECK(read_submit(answered(200, long_told), default_url).result == SubmitResult::unclear);
}

TEST_CASE("fal: a running job is running, and unknown words are unclear") {
  World world;
  CHECK(world.poll({answered(202, state("IN_QUEUE", R"(,"queue_position":3)"))}).result ==
        PollResult::running);
  CHECK(world.http.calls.at(0).url == status_path);
  CHECK(*find_header(world.http.calls.at(0).headers, "authorization") == "Key id:secret");
  CHECK(world.poll({answered(202, state("IN_PROGRESS"))}).result == PollResult::running);
  CHECK(world.poll({answered(404, R"({"detail":"Not found"})")}).result == PollResult::missing);
  const std::vector<Result<HttpResponse>> unclear = {answered(200, state("SUCCEEDED")),
                                                     answered(200, "<html>"),
                                                     answered(404, "<html>"),
                                                     answered(401, R"({"detail":"no"})"),
                                                     answered(403, R"({"detail":"no"})"),
                                                     answered(500, state("COMPLETED")),
                                                     fail(Errc::ambiguous, "")};
  for (const Result<HttpResponse>& answer : unclear) {
    // Also when there is a result: it is not asked for.
    CHECK(world.poll({answer, answered(200, R"({"video":{"url":"https://v3.fal.media/a"}})")})
              .result == PollResult::unclear);
  }
  const std::string other = R"({"status":"IN_PROGRESS","request_id":"other"})";
  CHECK(world.poll({answered(202, other)}).result == PollResult::unclear);
  CHECK(world.poll({}, "a b").result == PollResult::unclear);
}

TEST_CASE("fal: the result of each kind of model is found") {
  const auto result = [](const std::string& body) {
    World world;
    return world.poll({answered(200, state("COMPLETED")), answered(200, body)});
  };
  const PollAnswer video = result(
      R"({"video":{"url":"HTTPS://v3.fal.media/a.mp4","content_type":"video/mp4","file_size":9}})");
  CHECK(video.result == PollResult::ready);
  CHECK(video.url == "https://v3.fal.media/a.mp4");
  CHECK(video.content_type == "video/mp4");
  CHECK_FALSE(video.needs_key);
  for (const char* body : {R"({"images":[{"url":"https://v3.fal.media/a"}],"seed":1})",
                           R"({"image":{"url":"https://v3.fal.media/a"}})",
                           R"({"audio":{"url":"https://v3.fal.media/a"}})",
                           R"({"audio_file":{"url":"https://v3.fal.media/a","file_name":"x"}})"}) {
    CAPTURE(body);
    CHECK(result(body).url == "https://v3.fal.media/a");
  }
  for (const char* body : {"{}", R"({"video":{"url":"ftp://x/a"}})", R"({"images":[]})",
                           R"({"video":{"url":7}})", R"({"text":"x"})", "<html>"}) {
    CAPTURE(body);
    CHECK(result(body).result == PollResult::unclear);
  }
}

TEST_CASE("fal: every error of a completed job has its meaning") {
  const auto model_error = [](std::string_view type) {
    return fmt::format(R"({{"detail":[{{"loc":["body"],"msg":"secret","type":"{}"}}]}})", type);
  };
  const auto own_error = [](std::string_view type) {
    return fmt::format(R"({{"detail":"secret","error_type":"{}"}})", type);
  };
  const HttpHeaders retryable = {{"x-fal-retryable", "true"}};
  using Row = std::tuple<int, std::string, HttpHeaders, Failure>;
  const std::vector<Row> rows = {
      {422, model_error("content_policy_violation"), {}, Failure::content},
      {200, model_error("content_policy_violation"), {}, Failure::content},
      {422, model_error("one_of"), {}, Failure::input},
      {422, model_error("missing"), {}, Failure::input},
      {422, model_error("something_new"), retryable, Failure::transient},
      {400, model_error("downstream_service_error"), {}, Failure::transient},
      {500, model_error("internal_server_error"), {}, Failure::transient},
      {504, model_error("generation_timeout"), {}, Failure::transient},
      {500, model_error("something_new"), {}, Failure::transient},
      {422, R"({"detail":"a text"})", {}, Failure::unknown},
      {504, own_error("request_timeout"), {}, Failure::transient},
      {504, own_error("startup_timeout"), {}, Failure::transient},
      {503, own_error("runner_scheduling_failure"), {}, Failure::transient},
      {503, own_error("runner_connection_timeout"), {}, Failure::transient},
      {503, own_error("runner_connection_refused"), {}, Failure::transient},
      {503, own_error("runner_connection_error"), {}, Failure::transient},
      {503, own_error("runner_disconnected"), {}, Failure::transient},
      {502, own_error("runner_incomplete_response"), {}, Failure::transient},
      {500, own_error("runner_server_error"), {}, Failure::transient},
      {499, own_error("client_disconnected"), {}, Failure::unknown},
      {499, own_error("client_cancelled"), {}, Failure::unknown},
  };
  for (const auto& [status, body, headers, failure] : rows) {
    CAPTURE(status);
    CAPTURE(body);
    World world;
    const PollAnswer answer =
        world.poll({answered(200, state("COMPLETED")), answered(status, body, headers)});
    CHECK(answer.result == PollResult::failed);
    CHECK(answer.failure == failure);
    CHECK_FALSE(answer.reason.empty());
    CHECK(answer.reason.find("secret") == std::string::npos);
  }
  CHECK(read_result(answered(422, model_error("a secret")), {}).reason ==
        "the generator reported an error (422)");
  CHECK(read_result(answered(422, model_error("one_of")), {}).reason ==
        "the generator reported an error (422): one_of");
}

TEST_CASE("fal: an answer that may be about the request alone fails no job by itself") {
  const std::string failed = R"(,"error":"failed")";
  const std::string typed = R"(,"error":"failed","error_type":"runner_server_error")";
  const auto ends = [](const std::string& more, const Result<HttpResponse>& result) {
    World world;
    return world.poll({answered(200, state("COMPLETED", more)), result});
  };
  const HttpResponse internal = answered(500, R"({"detail":"x","error_type":"internal_error"})");
  const HttpResponse bad = answered(400, R"({"detail":"x","error_type":"bad_request"})");
  const HttpResponse text = answered(500, R"({"detail":"x"})");
  const HttpResponse page = answered(502, "<html>");
  for (const HttpResponse& answer : {internal, bad, text, page}) {
    CAPTURE(answer.body);
    CHECK(ends("", answer).result == PollResult::unclear);
    CHECK(ends(typed, answer).result == PollResult::failed);
  }
  // Nor does a type that only a header tells.
  const HttpHeaders typed_header = {{"x-fal-error-type", "runner_server_error"}};
  for (const char* body : {"<html>", "", "{}", R"({"detail":"x"})"}) {
    CAPTURE(body);
    CHECK(ends("", answered(500, body, typed_header)).result == PollResult::unclear);
    CHECK(ends(typed, answered(500, body, typed_header)).result == PollResult::failed);
  }
  CHECK(ends(failed, internal).failure == Failure::transient);
  CHECK(ends(failed, bad).failure == Failure::input);
  CHECK(ends(failed, text).failure == Failure::transient);
  CHECK(ends(failed, page).result == PollResult::unclear);
  CHECK(ends(typed, fail(Errc::ambiguous, "")).result == PollResult::unclear);
  for (const int status : {401, 403, 429}) {
    CHECK(ends(typed, answered(status, R"({"detail":"x"})")).result == PollResult::unclear);
  }
}

TEST_CASE("fal: a job is cancelled by PUT, and one that has ended needs no cancelling") {
  World world;
  CHECK(world.cancel(answered(202, R"({"status":"CANCELLATION_REQUESTED"})")));
  CHECK(world.http.calls.at(0).method == "PUT");
  CHECK(world.http.calls.at(0).url == "https://queue.fal.run/" + handle + "/cancel");
  CHECK(world.cancel(answered(400, R"({"status":"ALREADY_COMPLETED"})")));
  CHECK_FALSE(world.cancel(answered(404, R"({"status":"NOT_FOUND"})")));
  CHECK_FALSE(world.cancel(answered(202, "<html>")));
  CHECK(world.cancel(fail(Errc::ambiguous, "")).error().code == Errc::unavailable);
}

TEST_CASE("fal: it cannot find a job again, and its files need no key") {
  World world;
  Client client(world.http, world.metrics, world.run.clock, world.options);
  CHECK_FALSE(client.abilities().looks_up);
  CHECK(client.abilities().cancels);
  CHECK(client.abilities().calls_back);
  CHECK(world.run(client.look_up(job())).result == LookUpResult::unclear);
  CHECK(client.headers_for("https://queue.fal.run/x").empty());
}

TEST_CASE("fal: of the id of another job the log shows the beginning") {
  const test::ChildEnd end = test::run_in_child([] {
    set_log_level(LogLevel::error);
    read_status(answered(200, R"({"request_id":")" + std::string(9000, 'a') + R"("})"),
                places_of(handle), default_url);
  });
  CHECK(end.signal == 0);
  CHECK(end.said.find("answer_about_another") != std::string::npos);
  CHECK(end.said.size() < 2 * reason_bytes_max + 200);
}

}  // namespace
}  // namespace claimcheck::fal
