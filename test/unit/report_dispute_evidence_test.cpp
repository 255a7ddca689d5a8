// What a shop can tell the bank.
#include "report/dispute_evidence.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck::test {
namespace {

const Result<Time> never = fail(Errc::not_found, "never");

Claim delivered_claim() {
  Claim claim = decide(ready_claim(), Registered{.unit = 0, .outcome = Outcome::deliver},
                       start + std::chrono::minutes(3))
                    .claim;
  claim.tool = "cats";
  return claim;
}

std::string text_of(const std::vector<EvidenceField>& fields, const std::string& name) {
  const auto field = std::ranges::find(fields, name, &EvidenceField::field);
  return field == fields.end() ? "-" : field->text;
}

}  // namespace

TEST_CASE("evidence: what was ordered, delivered and looked at, by Stripe's fields") {
  SessionData session;
  session.prompt = "a cat";
  session.customerEmail = "buyer@example.com";
  const std::optional<SessionData> stored = session;
  const Result<Time> opened = start + std::chrono::minutes(4);
  const Claim claim = delivered_claim();
  const auto fields = evidence_of({id, claim, stored, opened});
  CHECK(text_of(fields, "product_description") ==
        "1 generated video (cats), made to order, 8 s of 1280x720. A digital good, shown to the "
        "buyer on the order's page. Ordered with the words: a cat");
  CHECK(text_of(fields, "service_date") == "2026-09-21");
  CHECK(text_of(fields, "access_activity_log") ==
        "2026-09-21T14:13:20.000Z Ordered, Checkout Session cs_test_1\n"
        "2026-09-21T14:13:20.000Z Paid, pi_1\n"
        "2026-09-21T14:16:20.000Z Video 1 delivered, file job-1: https://v/1.mp4\n"
        "2026-09-21T14:17:20.000Z The delivered order was first looked at on its page\n");
  CHECK(text_of(fields, "customer_email_address") == "buyer@example.com");
  CHECK(text_of(fields, "uncategorized_text") == "-");
}

TEST_CASE("evidence: an image has a size, an audio file a length, and neither is a video") {
  Claim claim = delivered_claim();
  claim.units.push_back({.state = UnitState::refunded});
  claim.media = MediaKind::image;
  auto fields = evidence_of({id, claim, std::nullopt, never});
  CHECK(text_of(fields, "product_description")
            .starts_with("2 generated images (cats), made to order, 1280x720. A digital good"));
  CHECK(text_of(fields, "access_activity_log").contains("Z File 1 delivered, file job-1: "));
  CHECK(text_of(fields, "uncategorized_text").starts_with("1 of 2 images could not be made;"));
  claim.media = MediaKind::audio;
  claim.units.pop_back();
  fields = evidence_of({id, claim, std::nullopt, never});
  CHECK(text_of(fields, "product_description")
            .starts_with("1 generated audio file (cats), made to order, 8 s. A digital good"));
}

TEST_CASE("evidence: a session value that is gone, a page that nobody opened, a part sent back") {
  Claim claim = delivered_claim();
  claim.units.push_back({.state = UnitState::refunded});
  const auto fields = evidence_of({id, claim, std::nullopt, never});
  CHECK(text_of(fields, "product_description").ends_with("on the order's page."));
  CHECK(text_of(fields, "access_activity_log").find("looked at") == std::string::npos);
  CHECK(text_of(fields, "customer_email_address") == "-");
  CHECK(text_of(fields, "uncategorized_text") ==
        "1 of 2 videos could not be made; what was paid for them was sent back.");
}

}  // namespace claimcheck::test
