// What peers answer to us. The first line is the status and a word that stands in the headers
// that are read; without such a line all is the body of a 200.
#include "base/assert.hpp"
#include "base/json.hpp"
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

}  // namespace

void fuzz_answers(std::string_view bytes) {
  const HttpResponse answer = answer_in(bytes);
  read_stripe(answer);
  read_generator(answer);
}

}  // namespace claimcheck::fuzz
