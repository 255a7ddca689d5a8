// An answer that may be about another object than was asked for, as a mixed-up connection gives it:
// of two records the first is the body of an answer of Stripe's to a look at session cs_a, the
// second one of the generator's about job job-a. What is believed is about nothing else.
#include "base/assert.hpp"
#include "base/json.hpp"
#include "generator/superduperai.hpp"
#include "stripe/asked.hpp"
#include "targets.hpp"

namespace claimcheck::fuzz {

namespace {

bool is_or_untold(std::string_view told, std::string_view asked) {
  return told.empty() || told == asked;
}

std::string_view payment_in(const boost::json::value& body) {
  const boost::json::value* payment = json::find(body, "payment_intent");
  if (payment == nullptr) return {};
  return payment->is_object() ? json::text_at(*payment, "id")
                              : json::text_at(body, "payment_intent");
}

void read_stripe(const std::string& text) {
  const Result<boost::json::value> body = json::parse(text);
  if (!body) return;
  const Result<void> fits = stripe::check_asked(
      *body,
      {.object = "checkout.session", .id = "cs_a", .payment_intent = "pi_a", .livemode = false});
  if (!fits) ENSURE(fits.error().code == Errc::ambiguous);
  if (!fits) return;
  ENSURE(is_or_untold(json::text_at(*body, "object"), "checkout.session"));
  ENSURE(is_or_untold(json::text_at(*body, "id"), "cs_a"));
  ENSURE(is_or_untold(payment_in(*body), "pi_a"));
  ENSURE(!json::bool_at(*body, "livemode"));
}

void read_generator(const std::string& text) {
  HttpResponse answer;
  answer.status = 200;
  answer.body = text;
  if (!superduperai::is_about(answer, "job-a", 7)) return;
  const Result<boost::json::value> body = json::parse(text);
  if (!body) return;
  ENSURE(is_or_untold(json::text_at(*body, "id"), "job-a"));
  const boost::json::value* seed = json::find(*body, "video_generation", "seed");
  ENSURE(seed == nullptr || json::integer(*seed) == 7);
}

}  // namespace

void fuzz_swapped(std::string_view bytes) {
  const std::vector<std::string> answers = records(bytes);
  read_stripe(answers.front());
  if (answers.size() > 1) read_generator(answers[1]);
}

}  // namespace claimcheck::fuzz
