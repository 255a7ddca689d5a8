// What peers answer to us. The first line is the status and a word that stands in the headers
// that are read; without such a line all is the body of a 200.
#include "base/assert.hpp"
#include "base/json.hpp"
#include "generator/http_answers.hpp"
#include "generator/superduperai_answers.hpp"
#include "stripe/client.hpp"
#include "targets.hpp"

#include <algorithm>
#include <charconv>

namespace claimcheck::fuzz {

namespace {

HttpResponse answer_in(std::string_view bytes) {
  const std::size_t line = bytes.find('\n');
  HttpResponse answer;
  const char* const end = bytes.data() + std::min(line, bytes.size());
  const auto [stop, failed] = std::from_chars(bytes.data(), end, answer.status);
  if (failed != std::errc() || line == std::string_view::npos) {
    answer.status = 200;
    answer.body = bytes;
    return answer;
  }
  const std::string word(stop == end ? stop : stop + 1, end);
  answer.headers = {{"idempotent-replayed", word}, {"retry-after", word}, {"request-id", word}};
  answer.body = bytes.substr(line + 1);
  return answer;
}

void read_stripe(const HttpResponse& answer) {
  // What may have been carried out must never read as refused.
  const Errc code = stripe::error_of(answer).code;
  ENSURE((code == Errc::ambiguous || code == Errc::stuck) == (answer.status >= 500));
  const Result<stripe::CheckoutSession> session = stripe::read_checkout(answer);
  if (!session) ENSURE(session.error().code == Errc::ambiguous);
  if (!session) return;
  ENSURE(!session->id.empty() && session->registered.size() <= units_max);
  ENSURE(session->registered.empty() || session->registered.back() != Outcome::none);
}

bool is_web_address(std::string_view url) {
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  return web && !url.contains('\\');
}

void read_generator(const HttpResponse& answer) {
  const SubmitAnswer submitted = superduperai::read_submit(answer);
  ENSURE((submitted.result == SubmitResult::accepted) == !submitted.job.empty());
  ENSURE(submitted.result != SubmitResult::taken);
  if (submitted.result == SubmitResult::accepted) ENSURE(answer.status / 100 == 2);
  ENSURE(submitted.retry_after >= Duration(0) && submitted.retry_after <= std::chrono::days(1));

  const PollAnswer polled = superduperai::read_poll(answer);
  ENSURE((polled.result == PollResult::ready) == is_web_address(polled.url));
  ENSURE(polled.thumbnail_url.empty() || is_web_address(polled.thumbnail_url));
  ENSURE(answer.status == 200 || polled.result == PollResult::missing ||
         polled.result == PollResult::unclear);

  const auto list = superduperai::read_list(answer, {.prompt = "p", .model = "m", .seed = 7}, 0);
  ENSURE(list.readable || (list.matches.empty() && !list.last));
  ENSURE(std::ranges::none_of(list.matches, &std::string::empty));

  HttpResponse shown;
  shown.body = superduperai::public_file(answer);
  ENSURE(shown.body.empty() || json::parse(shown.body).has_value());
  ENSURE(superduperai::public_file(shown) == shown.body);
}

// A provider that only the configuration describes. All its pointers are set, so that every reading
// meets the bytes.
HttpGeneratorOptions description() {
  HttpGeneratorOptions options;
  options.thumbnail_pointer = "/files/0/preview";
  options.content_type_pointer = "/type";
  options.error_code_pointer = "/code";
  options.look_up_pointer = "/items";
  options.look_up_match_pointer = "/key";
  options.look_up_none_status = {404};
  options.refused_content = {"SAFETY.*", "*policy*"};
  options.out_of_balance = {"no_money"};
  return options;
}

void read_described(const HttpResponse& answer) {
  using http_generator::is_handle;
  static const HttpGeneratorOptions options = description();
  const Result<boost::json::value> body = json::parse(answer.body);
  const bool own = body && body->is_object();

  const SubmitAnswer submitted = http_generator::read_submit(answer, options);
  ENSURE((submitted.result == SubmitResult::accepted) == is_handle(submitted.job));
  if (submitted.result == SubmitResult::accepted) ENSURE(answer.status / 100 == 2);
  // A refund follows from `rejected`.
  if (submitted.result == SubmitResult::rejected) ENSURE(own);
  ENSURE(submitted.reason.size() <= reason_bytes_max);

  const auto [polled, unknown] =
      http_generator::read_poll(answer, options, "job", "https://own.example/api");
  ENSURE((polled.result == PollResult::ready) == is_web_address(polled.url));
  ENSURE(polled.thumbnail_url.empty() || is_web_address(polled.thumbnail_url));
  // Another paid generation follows from these.
  if (polled.result == PollResult::failed) ENSURE(own && answer.status / 100 == 2);
  if (polled.result == PollResult::failed) ENSURE(polled.failure != Failure::none);
  if (polled.result == PollResult::missing) ENSURE(own && answer.status / 100 == 4);
  if (!unknown.empty()) ENSURE(polled.result == PollResult::unclear);
  ENSURE(polled.reason.size() <= reason_bytes_max);

  const LookUpAnswer found =
      http_generator::read_look_up(answer, options, {.seed = 7, .key = "key"});
  ENSURE((found.result == LookUpResult::found) == is_handle(found.job));
  if (found.result == LookUpResult::none) ENSURE(own && answer.status / 100 != 5);
}

}  // namespace

void fuzz_answers(std::string_view bytes) {
  const HttpResponse answer = answer_in(bytes);
  read_stripe(answer);
  read_generator(answer);
  read_described(answer);
}

}  // namespace claimcheck::fuzz
