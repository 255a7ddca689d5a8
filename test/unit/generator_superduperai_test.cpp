// The generator's recorded and documented answers, each with the verdict it must get.
#include "base/json.hpp"
#include "generator/superduperai_answers.hpp"
#include "support/data.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

#include <map>

namespace claimcheck::superduperai {
namespace {

HttpResponse response_of(const boost::json::value& sample) {
  const boost::json::value& recorded = sample.at("response");
  HttpResponse response{.status = static_cast<int>(json::integer_at(recorded, "status"))};
  if (const auto* headers = json::find(recorded, "headers")) {
    for (const auto& [name, value] : headers->as_object()) {
      response.headers.push_back({std::string(name), std::string(value.as_string())});
    }
  }
  if (const auto* body = json::find(recorded, "json")) {
    response.body = json::print(*body);
  } else {
    response.body = "<html>not json</html>";
  }
  return response;
}

Job job() {
  return {.prompt = "a\xF0\x9F\x8E\xAC \"b\"",
          .model = "m",
          .seed = 42,
          .width = 1280,
          .height = 720,
          .duration_s = 8};
}

const std::map<std::string, SubmitResult> submit_verdicts = {
    {"accepted", SubmitResult::accepted},
    {"config_error", SubmitResult::refused},
    {"provider_balance", SubmitResult::refused},
    {"retry_after", SubmitResult::refused},
    {"retry_with_new_seed_once", SubmitResult::conflicted},
    {"permanent", SubmitResult::rejected},
    {"ambiguous_on_submit_retryable_on_poll", SubmitResult::unclear},
    {"retryable", SubmitResult::unclear},
};

const std::map<std::string, PollResult> poll_verdicts = {
    {"running", PollResult::running},
    {"succeeded", PollResult::ready},
    {"accepted", PollResult::running},
    {"failed_unknown_reason", PollResult::failed},
    {"gone_or_not_yet", PollResult::missing},
    {"retry_after", PollResult::unclear},
    {"config_error", PollResult::unclear},
    {"retryable", PollResult::unclear},
    {"ambiguous_on_submit_retryable_on_poll", PollResult::unclear},
};

TEST_CASE("every sample gets its verdict, as an answer to a submit and to a poll") {
  const boost::json::value file = test::data_json("superduperai-samples.json");
  int submits = 0;
  int polls = 0;
  for (const auto& sample : file.at("samples").as_array()) {
    const std::string name(json::text_at(sample, "name"));
    const std::string verdict(json::text_at(sample, "verdict"));
    const HttpResponse response = response_of(sample);
    if (submit_verdicts.contains(verdict)) {
      CHECK_MESSAGE(read_submit(response).result == submit_verdicts.at(verdict), name);
      ++submits;
    }
    if (poll_verdicts.contains(verdict)) {
      CHECK_MESSAGE(read_poll(response).result == poll_verdicts.at(verdict), name);
      ++polls;
    }
  }
  CHECK(submits >= 12);
  CHECK(polls >= 14);
}

TEST_CASE("no connection is a definite no, anything later is unclear") {
  CHECK(read_submit(fail(Errc::not_sent, "")).result == SubmitResult::refused);
  CHECK(read_submit(fail(Errc::ambiguous, "")).result == SubmitResult::unclear);
  CHECK(read_submit(HttpResponse{.status = 200, .body = R"({"id":""})"}).result ==
        SubmitResult::unclear);
  CHECK(read_submit(HttpResponse{.status = 200, .body = R"({"id":7})"}).result ==
        SubmitResult::unclear);
}

TEST_CASE("Retry-After is read in seconds and bounded") {
  HttpResponse busy{.status = 429, .headers = {{"retry-after", "30"}}};
  CHECK(read_submit(busy).retry_after == std::chrono::seconds(30));
  busy.headers[0].value = "99999999999999999999";
  CHECK(read_submit(busy).retry_after == Duration(0));
  busy.headers[0].value = "-5";
  CHECK(read_submit(busy).retry_after == Duration(0));
}

TEST_CASE("the submit body holds the prompt byte for byte and every input") {
  const auto body = json::parse(submit_body(job()));
  REQUIRE(body);
  const boost::json::value& config = body->at("config");
  CHECK(json::text_at(config, "prompt") == job().prompt);
  CHECK(json::integer_at(config, "seed") == 42);
  CHECK(json::integer_at(config, "duration") == 8);
  CHECK(json::text_at(config, "aspect_ratio") == "16:9");
  CHECK(json::text_at(config, "generation_config_name") == "m");
  CHECK(aspect_ratio(720, 1280) == "9:16");
  CHECK(aspect_ratio(512, 512) == "1:1");
}

std::string listed(const std::string& id, std::int64_t seed, const std::string& prompt,
                   const std::string& model) {
  return R"({"id":")" + id + R"(","video_generation":{"seed":)" + std::to_string(seed) +
         R"(,"prompt":)" + json::print(prompt) + R"(,"generation_config_name":")" + model + "\"}}";
}

HttpResponse list_of(const std::string& items) {
  return {.status = 200, .body = R"({"items":[)" + items + R"(],"total":1})"};
}

TEST_CASE("a look-up wants seed, prompt and model to be the same") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://gen", .token = Secret("t")});
  const auto look = [&](const std::string& items) {
    http.answers = {list_of(items)};
    return run(client.look_up(job()));
  };
  CHECK(look("").result == LookUpResult::none);
  CHECK(look(listed("x", 43, job().prompt, "m")).result == LookUpResult::none);
  CHECK(look(listed("x", 42, "other", "m")).result == LookUpResult::none);
  CHECK(look(listed("x", 42, job().prompt, "n")).result == LookUpResult::none);
  const LookUpAnswer found = look(listed("x", 42, job().prompt, "m"));
  CHECK(found.result == LookUpResult::found);
  CHECK(found.job == "x");
  const LookUpAnswer twice =
      look(listed("new", 42, job().prompt, "m") + "," + listed("old", 42, job().prompt, "m"));
  CHECK(twice.job == "old");
  CHECK(twice.extras == 1);
}

TEST_CASE("a look-up goes through the pages and is unclear when one of them fails") {
  std::string page;
  for (std::size_t i = 0; i < list_page; ++i) {
    page += (i == 0 ? "" : ",") + listed("n" + std::to_string(i), 1, "p", "m");
  }
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://gen", .token = Secret("t")});
  http.answers = {list_of(page), list_of(listed("x", 42, job().prompt, "m"))};
  CHECK(run(client.look_up(job())).result == LookUpResult::found);
  CHECK(http.calls[1].url.find("offset=50") != std::string::npos);
  http.answers = {list_of(page), HttpResponse{.status = 502}};
  CHECK(run(client.look_up(job())).result == LookUpResult::unclear);
}

TEST_CASE("a submit is sent once on a connection of its own") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://gen", .token = Secret("secret-token")});
  const SubmitAnswer answer = run(client.submit(job()));
  CHECK(answer.result == SubmitResult::refused);
  CHECK(http.calls[0].send_once);
  CHECK(http.calls[0].timeout == std::chrono::seconds(15));
  CHECK(*find_header(http.calls[0].headers, "authorization") == "Bearer secret-token");
}

TEST_CASE("D4: one refusal stops every order until one of them is taken") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://gen", .token = Secret("t")});
  http.answers = {HttpResponse{.status = 402}, HttpResponse{.status = 402}};
  const Duration now = run.clock.steady();
  const SubmitAnswer first = run(client.submit(job()));
  CHECK(first.retry_after == Breaker::pause_min);
  CHECK(client.breaker.wait(now) == Breaker::pause_min);
  const Duration later = now + Breaker::pause_min;
  CHECK(client.breaker.ask(later) == Duration(0));  // this one tries
  CHECK(client.breaker.ask(later) == Breaker::pause_min);
  CHECK(run(client.submit(job())).retry_after == 2 * Breaker::pause_min);
  http.answers = {HttpResponse{.status = 422}};  // about the order: the generator takes orders
  CHECK(run(client.submit(job())).result == SubmitResult::rejected);
  CHECK(client.breaker.wait(now) == Duration(0));
}

TEST_CASE("D4: pauses grow to their limit; many refused at once count as one") {
  Breaker breaker;
  Duration now{0};
  for (int i = 0; i < 3; ++i) CHECK(breaker.refused(now, Duration(0)) == Breaker::pause_min);
  Duration pause = Breaker::pause_min;
  for (int i = 0; i < 12; ++i) {
    now += pause;
    CHECK(breaker.ask(now) == Duration(0));
    pause = std::min(2 * pause, Breaker::pause_max);
    CHECK(breaker.refused(now, Duration(0)) == pause);
  }
  CHECK(pause == Breaker::pause_max);
  CHECK(Breaker().refused(now, std::chrono::seconds(30)) == std::chrono::seconds(30));
  CHECK(Breaker().refused(now, std::chrono::hours(24)) == Breaker::pause_max);
}

TEST_CASE("D4: one who tries and does not come back is replaced") {
  Breaker breaker;
  const Duration now = breaker.refused(Duration(0), Duration(0));
  CHECK(breaker.ask(now) == Duration(0));
  CHECK(breaker.ask(now + Breaker::trial - Duration(1)) == Duration(1));
  CHECK(breaker.ask(now + Breaker::trial) == Duration(0));
  breaker.answered();
  CHECK(breaker.ask(now) == Duration(0));
  CHECK(breaker.ask(now) == Duration(0));
}

TEST_CASE("a backslash in an old link is escaped, a link that is none is not shown") {
  const auto with_url = [](const std::string& url) {
    return read_poll(HttpResponse{.body = R"({"id":"x","url":)" + json::print(url) + "}"});
  };
  CHECK(with_url("https://h/a\\b.mp4").url == "https://h/a%5Cb.mp4");
  CHECK(with_url("javascript:alert(1)").result == PollResult::running);
  CHECK(with_url("").result == PollResult::running);
}

TEST_CASE("a file shows only what the page reads") {
  const std::string shown = public_file(HttpResponse{
      .body = R"({"id":"x","url":null,"secret":1,"tasks":[{"status":"in_progress","project_id":1}],
                  "video_generation":{"prompt":"p","seed":1,
                  "generation_config":{"label":"L","params":{"price_per_second":3}}}})"});
  CHECK(shown == R"({"id":"x","url":null,"tasks":[{"status":"in_progress"}],)"
                 R"("video_generation":{"prompt":"p","generation_config":{"label":"L"}}})");
}

}  // namespace
}  // namespace claimcheck::superduperai
