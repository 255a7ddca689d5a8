// What is told of an order that waits: for an operator's page and for the command line.
#include "base/json.hpp"
#include "base/text.hpp"
#include "report/order_report.hpp"
#include "report/order_words.hpp"
#include "store/codec.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace claimcheck {
namespace {

TEST_CASE("a reason that came again is told with how often") {
  Claim claim = test::failed_claim();
  const auto told = [&claim] { return words_of(claim, std::nullopt, false).at(1); };
  const auto report = [&claim] {
    const Result<SessionBytes> none = fail(Errc::not_found, "no such session");
    return report_text({"cs_test_order", none, claim, {}});
  };
  claim.units[0].retry_us = to_us(test::start);
  claim.units[0].put_offs = 1;
  CHECK(told().ends_with("tried again at " + to_iso(test::start) + "."));
  CHECK(report().contains("next try " + to_iso(test::start) + "\n"));
  claim.units[0].put_offs = 288;
  CHECK(told().ends_with("tried again at " + to_iso(test::start) + " (288 tries so far)."));
  CHECK(report().contains("next try " + to_iso(test::start) + " after 288 tries\n"));
}

TEST_CASE("words of others do nothing in a terminal, in text and in JSON") {
  const std::string odd = "\x1b[2J\r\n2026-01-01 forged\u009b1A\u202e";
  Claim claim = test::failed_claim();
  for (std::string* text :
       {&claim.reason, &claim.currency, &claim.tool, &claim.price, &claim.payment_intent,
        &claim.units[0].reason, &claim.units[0].job, &claim.units[0].url, &claim.units[0].refund}) {
    *text = odd;
  }
  SessionData session;
  session.prompt = odd;
  session.resolution = session.style = odd;
  session.fileId = session.error = session.message = odd;
  session.createdAt = "2026-01-01T00:00:00.000Z";
  std::string pretty = encode_session(session);
  pretty.insert(1, "\n\t");
  const std::vector<HistoryLine> history = {{.from = odd, .to = odd, .why = odd}};
  const auto harmless = [](const std::string& text) {
    CHECK(printable_json(text) == text);
    CHECK(!text.contains("\n2026"));
  };
  for (const Result<SessionBytes>& stored :
       {Result<SessionBytes>(SessionBytes(pretty)), Result<SessionBytes>(SessionBytes(odd)),
        Result<SessionBytes>(fail(Errc::unreadable, odd))}) {
    const OrderReport report{"cs_test_order", stored, claim, history};
    std::string text = report_text(report);
    CHECK(text.contains(R"(\u001b[2J\u000d\u000a2026-01-01 forged\u009b1A\u202e)"));
    std::ranges::replace(text, '\n', ' ');
    harmless(text);
    std::string document = report_json(report);
    REQUIRE(document.ends_with('\n'));
    document.pop_back();
    harmless(document);
    const auto read = json::parse(document);
    REQUIRE(read.has_value());
    CHECK(json::text_at(read->at("history").at(0), "why") == odd);
  }
  harmless(list_line("cs_test_order", claim));
  harmless(list_json("cs_test_order", claim));
  harmless(list_line(odd, fail(Errc::unreadable, odd)));
}

}  // namespace
}  // namespace claimcheck
