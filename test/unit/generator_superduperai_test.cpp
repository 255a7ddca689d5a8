// The generator's recorded and documented answers, each with the verdict it must get.
#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/superduperai_answers.hpp"
#include "support/child.hpp"
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

GenerationJob job() {
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

TEST_CASE("an id is one in its letters and its length, or no job is named") {
  const auto submitted = [](const std::string& id) {
    return read_submit(HttpResponse{.status = 200, .body = R"({"id":)" + json::print(id) + "}"});
  };
  CHECK(submitted("0f6b1c1e-5a0d-4c57-9d0e-6a2a8a4d1001").result == SubmitResult::accepted);
  CHECK(submitted(std::string(128, 'a')).result == SubmitResult::accepted);
  for (const std::string& none :
       {std::string("../../x"), std::string("a/b"), std::string("a b"), std::string("a\nb"),
        std::string("a%2fb"), std::string("é"), std::string(129, 'a'), std::string(5000, 'a')}) {
    CAPTURE(none);
    CHECK(submitted(none).result == SubmitResult::unclear);
    CHECK_FALSE(is_job_id(none));
  }
}

TEST_CASE("the scheme of an address may be spelled in capitals") {
  const auto url_of = [](const std::string& url) {
    return read_poll(
        HttpResponse{.status = 200, .body = R"({"id":"x","url":)" + json::print(url) + "}"});
  };
  CHECK(url_of("HTTP://cdn.example/A.mp4").url == "http://cdn.example/A.mp4");
  CHECK(url_of("Https://cdn.example/A.mp4").url == "https://cdn.example/A.mp4");
  CHECK(url_of("https://cdn.example/A.mp4").result == PollResult::ready);
  for (const char* none : {"ftp://cdn.example/A", "//cdn.example/A", "HTTPSX://a/b", "http:/a"}) {
    CHECK(url_of(none).result == PollResult::running);
  }
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
  const boost::json::value body = submit_body(job());
  const boost::json::value& config = body.at("config");
  CHECK(json::text_at(config, "prompt") == job().prompt);
  CHECK(json::integer_at(config, "seed") == 42);
  CHECK(json::integer_at(config, "duration") == 8);
  CHECK(json::text_at(config, "aspect_ratio") == "16:9");
  CHECK(json::text_at(config, "generation_config_name") == "m");
}

std::string listed(const std::string& id, std::int64_t seed, const std::string& prompt,
                   const std::string& model) {
  return R"({"id":")" + id + R"(","video_generation":{"seed":)" + std::to_string(seed) +
         R"(,"prompt":)" + json::print(prompt) + R"(,"generation_config_name":")" + model + "\"}}";
}

HttpResponse list_of(const std::string& items) {
  return {.status = 200, .body = R"({"items":[)" + items + "]}"};
}

TEST_CASE("a look-up wants seed, prompt and model to be the same") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
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
  // It was made, and cannot be followed: neither found nor free to be made again.
  CHECK(look(listed("../../x", 42, job().prompt, "m")).result == LookUpResult::unclear);
  CHECK(look(listed("", 42, job().prompt, "m")).result == LookUpResult::unclear);
}

TEST_CASE("a look-up goes through the pages and is unclear when one of them fails") {
  std::string page;
  for (std::size_t i = 0; i < list_page; ++i) {
    page += (i == 0 ? "" : ",") + listed("n" + std::to_string(i), 1, "p", "m");
  }
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
  http.answers = {list_of(page), list_of(listed("x", 42, job().prompt, "m"))};
  CHECK(run(client.look_up(job())).result == LookUpResult::found);
  CHECK(http.calls[1].url.find("offset=50") != std::string::npos);
  http.answers = {list_of(page), HttpResponse{.status = 502}};
  CHECK(run(client.look_up(job())).result == LookUpResult::unclear);
}

// One full page of younger files; the last one tells when it was made, if it says an hour.
HttpResponse full_page(std::size_t number, const std::string& last_hour = "") {
  std::string page;
  for (std::size_t i = 0; i < list_page; ++i) {
    const std::string id = "n" + std::to_string(number) + "-" + std::to_string(i);
    std::string file = listed(id, 1, "p", "m");
    if (i + 1 == list_page && !last_hour.empty()) {
      file.insert(1, R"("url":"https://cdn/generated/video/)" + last_hour + R"(/x.mp4",)");
    }
    page += (i == 0 ? "" : ",") + file;
  }
  return list_of(page);
}

TEST_CASE("a look-up reads on while younger files stand before the job") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
  for (std::size_t i = 0; i < 11; ++i) http.answers.emplace_back(full_page(i));
  http.answers.emplace_back(list_of(listed("x", 42, job().prompt, "m")));
  CHECK(run(client.look_up(job())).job == "x");
}

TEST_CASE("a look-up that does not come to the order's time is unclear, not empty") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
  const auto look = [&](const std::string& hour) {
    http.answers.clear();
    http.calls.clear();
    for (std::size_t i = 0; i <= list_pages_max; ++i) http.answers.emplace_back(full_page(i, hour));
    GenerationJob wanted = job();
    wanted.ordered = from_unix_s(1'790'000'000);  // 2026-09-21 14:13:20 UTC
    return run(client.look_up(wanted));
  };
  CHECK(look("").result == LookUpResult::unclear);
  CHECK(http.calls.size() == list_pages_max);
  // What was made a day before was ordered before: whatever stands behind it is older still.
  CHECK(look("2026/9/20/12").result == LookUpResult::none);
  CHECK(http.calls.size() == 1);
  for (const char* hour : {"2026/9/20/14", "2026/9/21/15", "2026/13/1/1", "2026/9/1", "0/0/0/0"}) {
    CHECK_MESSAGE(look(hour).result == LookUpResult::unclear, hour);
  }
}

TEST_CASE("a short page is the last one only if the list says so") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
  const auto list = [](const std::string& items, const std::string& rest) {
    return HttpResponse{.status = 200, .body = R"({"items":[)" + items + "]," + rest + "}"};
  };
  const std::string other = listed("y", 1, "p", "m");
  http.answers = {list(other, R"("total":2,"next":null)"),
                  list(listed("x", 42, job().prompt, "m"), R"("total":2,"next":null)")};
  CHECK(run(client.look_up(job())).job == "x");
  CHECK(http.calls[1].url.find("offset=1") != std::string::npos);
  http.answers = {list(other, R"("total":1,"next":"/api/v1/file?offset=1")"),
                  list("", R"("total":1)")};
  CHECK(run(client.look_up(job())).result == LookUpResult::none);
  http.answers = {list("", R"("total":7)")};
  CHECK(run(client.look_up(job())).result == LookUpResult::unclear);
}

TEST_CASE("a job that moves to the next page while the list is read is one job") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("t")});
  std::string page;
  for (std::size_t i = 1; i < list_page; ++i) {
    page += listed("n" + std::to_string(i), 1, "p", "m") + ",";
  }
  const std::string ours = listed("x", 42, job().prompt, "m");
  http.answers = {list_of(page + ours), list_of(ours)};
  const LookUpAnswer found = run(client.look_up(job()));
  CHECK(found.job == "x");
  CHECK(found.extras == 0);
}

TEST_CASE("a submit is sent once on a connection of its own") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, metrics, {.url = "https://gen", .key = Secret("secret-token")});
  const SubmitAnswer answer = run(client.submit(job()));
  CHECK(answer.result == SubmitResult::refused);
  CHECK(http.calls[0].send_once);
  CHECK(http.calls[0].timeout == std::chrono::seconds(15));
  CHECK(*find_header(http.calls[0].headers, "authorization") == "Bearer secret-token");
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

TEST_CASE("generator: of the id of another job the log shows the beginning") {
  const test::ChildEnd end = test::run_in_child([] {
    set_log_level(LogLevel::error);
    is_about(HttpResponse{.status = 200, .body = R"({"id":")" + std::string(9000, 'a') + R"("})"},
             "j1", 0);
  });
  CHECK(end.signal == 0);
  CHECK(end.said.find("answer_about_another") != std::string::npos);
  CHECK(end.said.size() < 2 * reason_bytes_max + 200);
}

}  // namespace
}  // namespace claimcheck::superduperai
