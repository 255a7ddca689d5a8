#include "generator/superduperai.hpp"

#include "generator/account.hpp"
#include "generator/input_template.hpp"
#include "generator/superduperai_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace claimcheck::superduperai {

namespace {

constexpr std::string_view path_prefix = "/api/v1/file";

// Whole seconds as an integer, as every known client sends them.
boost::json::value seconds(double length) {
  const auto whole = static_cast<std::int64_t>(length);
  if (static_cast<double>(whole) == length) return whole;
  return length;
}

}  // namespace

Client::Client(HttpClient& http, Metrics& metrics, GeneratorOptions options)
    : calls_(http, metrics, options, bearer(options.key)),
      abilities_{.looks_up = true,
                 .poll_min = options.poll_min.value_or(GeneratorAbilities().poll_min)} {}

boost::json::value submit_body(const GenerationJob& job) {
  return {{"config",
           {{"prompt", job.prompt},
            // The members that every known client sends, also those without a value.
            {"negative_prompt", ""},
            {"width", job.width},
            {"height", job.height},
            {"aspect_ratio", std::string(aspect_ratio(job.width, job.height))},
            {"duration", seconds(job.duration_s)},
            {"seed", job.seed},
            {"generation_config_name", job.model},
            {"references", boost::json::array()}}}};
}

boost::asio::awaitable<SubmitAnswer> Client::submit(GenerationJob job) {
  const Result<HttpResponse> answer =
      co_await calls_.submit(std::string(path_prefix) + "/generate-video", submit_body(job));
  SubmitAnswer told = read_submit(answer);
  // A foreign answer leaves it open whether ours arrived, so the unit is looked up.
  if (told.result == SubmitResult::accepted && !is_about(answer, "", job.seed)) {
    co_return SubmitAnswer{.reason = "the generator answered about another submit"};
  }
  co_return told;
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(GenerationJob job) {
  std::vector<std::string> found;  // a list that grows while it is read shows a file twice
  std::size_t offset = 0;
  bool complete = false;
  // Bounded: a look-up that does not reach the order's time ends as unclear.
  for (std::size_t page = 0; page < list_pages_max && !complete; ++page) {
    const std::string path =
        fmt::format("{}?types=video&order_by=created_at&order=descendent&limit={}&offset={}",
                    path_prefix, list_page, offset);
    const Result<HttpResponse> answer = co_await calls_.get(path);
    const ListPage listed = read_list(answer, job, offset);
    // After a gap nobody can say `none`, and `none` leads to another paid job.
    if (!listed.readable) co_return LookUpAnswer{};
    for (const std::string& id : listed.matches) {
      if (std::ranges::find(found, id) == found.end()) found.push_back(id);
    }
    offset += listed.files;
    complete = listed.last;
  }
  // Not found is an answer only if the list was read back to the time of the order.
  if (found.empty()) {
    co_return LookUpAnswer{.result = complete ? LookUpResult::none : LookUpResult::unclear};
  }
  co_return LookUpAnswer{
      .result = LookUpResult::found, .job = found.back(), .extras = found.size() - 1};
}

boost::asio::awaitable<PollAnswer> Client::poll(JobHandle handle) {
  const Result<HttpResponse> answer =
      co_await calls_.get(fmt::format("{}/{}", path_prefix, url_encode(handle.job)));
  if (!is_about(answer, handle.job, handle.seed)) co_return PollAnswer();
  co_return read_poll(answer);
}

boost::asio::awaitable<Result<std::string>> Client::file(std::string job_id) {
  const Result<HttpResponse> answer =
      co_await calls_.get(fmt::format("{}/{}", path_prefix, url_encode(job_id)));
  if (answer && answer->status == 404) co_return fail(Errc::not_found, "no such file");
  if (!answer || answer->status != 200) co_return fail(Errc::unavailable, "no answer");
  // Only known members go on: the rest may be about the generator's account.
  std::string text = public_file(*answer);
  if (text.empty()) co_return fail(Errc::unavailable, "unreadable answer");
  co_return text;
}

// The API has neither: abilities() says so, and nobody calls these.
boost::asio::awaitable<Result<void>> Client::cancel(JobHandle) {
  co_return fail(Errc::unavailable, "the generator cannot cancel");
}

boost::asio::awaitable<Result<std::string>> Client::read_callback(const HttpRequest&) {
  co_return fail(Errc::forbidden, "the generator sends no callbacks");
}

boost::asio::awaitable<Result<std::optional<double>>> Client::balance() {
  co_return co_await read_balance(calls_);
}

boost::asio::awaitable<Result<std::optional<bool>>> Client::has_model(std::string model) {
  const Result<std::vector<Model>> models = co_await read_models(calls_);
  if (!models) co_return fail(models);
  co_return std::ranges::find(*models, model, &Model::name) != models->end();
}

}  // namespace claimcheck::superduperai
