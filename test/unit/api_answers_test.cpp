// The HTTP contract, letter by letter: what each answer type is written as. A change that shows
// here shows to every caller.
#include "api/answer_types.hpp"
#include "api/answers.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

const Time then = from_unix_s(1'790'000'000);

TEST_CASE("answers: an error says what, a word for it, and the member at fault if there is one") {
  CHECK(error_response(400, "it is \"wrong\"", "wrong").body ==
        R"({"error":"it is \"wrong\"","code":"wrong"})");
  CHECK(error_response(400, "no", "invalid", "q").body ==
        R"({"error":"no","code":"invalid","param":"q"})");
  CHECK(json::print(StatusErrorAnswer{.error = "no", .code = "not_found", .message = "no"}) ==
        R"({"status":"error","error":"no","code":"not_found","message":"no"})");
}

TEST_CASE("answers: a refusal's wait is told in whole seconds, rounded up") {
  Refusal refusal{.kind = RefusalKind::limited};
  refusal.code = "later";
  refusal.message = "later";
  CHECK(find_header(refusal_response(refusal).headers, "retry-after") == nullptr);
  refusal.retry_after = std::chrono::milliseconds(1500);
  const HttpResponse response = refusal_response(refusal);
  CHECK(response.status == 429);
  CHECK(*find_header(response.headers, "retry-after") == "2");
}

TEST_CASE("answers: what buyers, Stripe and watchers get") {
  CHECK(json::print(PaymentPage{.sessionId = "cs_test_a", .url = "https://pay/a?b=c"}) ==
        R"({"sessionId":"cs_test_a","url":"https://pay/a?b=c"})");
  CHECK(json::print(PricesAnswer{.prices = {{"single", "price_1"}, {"price_2", "price_2"}},
                                 .mode = Mode::live}) ==
        R"({"success":true,"prices":{"single":"price_1","price_2":"price_2"},)"
        R"("mode":"live","items":[]})");
  const OfferedPrice unanswered{.priceId = "price_1", .toolSlug = "cats", .toolTitle = "Cats"};
  CHECK(json::print(unanswered) ==
        R"({"priceId":"price_1","videos":1,"quantityMax":1,"toolSlug":"cats","toolTitle":"Cats",)"
        R"("durations":[],"resolutions":[],"styles":[]})");
  CHECK(json::print(OfferedPrice{.priceId = "price_2", .media = MediaKind::image})
            .contains(R"("media":"image")"));
  CHECK(json::print(EventAnswer()) == R"({"received":true})");
  CHECK(json::print(HealthAnswer{HealthWord::ok}) == R"({"status":"ok"})");
  CHECK(json::print(HealthAnswer{HealthWord::ready}) == R"({"status":"ready"})");
}

TEST_CASE("answers: what the operator gets for what was decided") {
  CHECK(json::print(SignInAnswer{.signedIn = true, .mode = Mode::live}) ==
        R"({"signedIn":true,"mode":"live"})");
  CHECK(json::print(PatchAnswer()) == R"({"success":true})");
  CHECK(json::print(BreakerAnswer{.was_open = true}) == R"({"done":true,"was_open":true})");
  CHECK(json::print(RetriedAnswer{.retried = 2, .leftOut = 1}) ==
        R"({"done":true,"retried":2,"leftOut":1})");
  CHECK(json::print(RefundedAnswer{.refunded = 2, .leftOut = 1, .more = true}) ==
        R"({"done":true,"refunded":2,"leftOut":1,"more":true})");
  CHECK(json::print(RetriedNotifications{.retried = 1, .more = {}}) == R"({"retried":1})");
  CHECK(json::print(RetriedNotifications{.retried = 1, .more = false}) ==
        R"({"retried":1,"more":false})");
  DecisionAnswer decision{.what = "it goes on",
                          .units = {0, 2},
                          .videos = {1, 3},
                          .left_out = {},
                          .claim = {.state = OrderState::paid,
                                    .version = 7,
                                    .reason = "",
                                    .units = {{UnitState::ready, "late"}}}};
  const std::string claim = R"("claim":{"state":"paid","version":7,"reason":"",)"
                            R"("units":[{"state":"ready","reason":"late"}]}})";
  CHECK(json::print(decision) ==
        R"({"done":true,"what":"it goes on","units":[0,2],"videos":[1,3],)" + claim);
  decision.left_out = {"video 2 is delivered"};
  CHECK(json::print(decision) == R"({"done":true,"what":"it goes on","units":[0,2],)"
                                 R"("videos":[1,3],"left_out":["video 2 is delivered"],)" +
                                     claim);
}

TEST_CASE("answers: the numbers of now, with null for what is not so") {
  StatsAnswer answer;
  answer.range = StatsRange::day;
  answer.step_s = 300;
  answer.from = 1'790'000'000;
  answer.series = {{"created", {0, 2}}};
  answer.now.time = then;
  answer.now.inProgress = 3;
  const std::string series =
      R"({"range":"day","step_s":300,"from":1790000000,"series":{"created":[0,2]},)";
  CHECK(json::print(answer) ==
        series + R"("now":{"time":"2026-09-21T14:13:20.000Z")"
                 R"(,"waiting":0,"inProgress":3,"held":0,)"
                 R"("disputed":null,"expectedSeconds":null,"refundsStopped":null,)"
                 R"("generatorAway":null,"generators":[],"checkoutPaused":null,)"
                 R"("clockWrong":false,"setup":[],"mode":"test","alerts":[]}})");
  answer.now.disputed = OpenDisputes{.count = 1, .answerBy = then};
  answer.now.expectedSeconds = 90;
  answer.now.refundsStopped = StoppedRefunds{.reason = "many", .since = then};
  answer.now.generatorAway = GeneratorAway{.reason = "down", .since = then, .waiting = 4};
  answer.now.generators = {
      {.name = "fal", .running = 2, .waiting = 17, .away = {}, .since = {}},
      {.name = "gpu", .running = {}, .waiting = 4, .away = std::string("down"), .since = then}};
  answer.now.alerts = alert_answers(
      {{.kind = AlertKind::stripe_key, .open = true, .since_us = to_us(then), .count = 0}});
  answer.now.checkoutPaused = PausedCheckout{.since = then, .until = {}, .by = std::string("anna")};
  CHECK(json::print(answer) ==
        series + R"("now":{"time":"2026-09-21T14:13:20.000Z")"
                 R"(,"waiting":0,"inProgress":3,"held":0,)"
                 R"("disputed":{"count":1,"answerBy":"2026-09-21T14:13:20.000Z")"
                 R"(},"expectedSeconds":90,)"
                 R"("refundsStopped":{"reason":"many","since":"2026-09-21T14:13:20.000Z")"
                 R"(},)"
                 R"("generatorAway":{"reason":"down","since":"2026-09-21T14:13:20.000Z")"
                 R"(,"waiting":4},)"
                 R"("generators":[)"
                 R"({"name":"fal","running":2,"waiting":17,"away":null,"since":null},)"
                 R"({"name":"gpu","running":null,"waiting":4,"away":"down",)"
                 R"("since":"2026-09-21T14:13:20.000Z"}],)"
                 R"("checkoutPaused":{"since":"2026-09-21T14:13:20.000Z")"
                 R"(,"until":null,"by":"anna"},)"
                 R"("clockWrong":false,"setup":[],"mode":"test",)"
                 R"("alerts":[{"alert":"stripe_key","severity":"urgent",)"
                 R"("since":"2026-09-21T14:13:20.000Z","count":0,"title":"Stripe refuses the key",)"
                 R"("what":"Stripe refuses STRIPE_SECRET_KEY.",)"
                 R"("meanwhile":"Nobody can pay. Paid orders wait, and nothing is lost.",)"
                 R"("todo":"Set a valid STRIPE_SECRET_KEY and start claimcheck again.",)"
                 R"("page":"/ops#/"}]}})");
}

TEST_CASE("answers: one order, with its claim or with what is wrong with it") {
  OrderAnswer answer;
  answer.id = "cs_test_a";
  answer.now = then;
  answer.problem = std::string("broken");
  answer.records = {"{}\n"};
  CHECK(json::print(answer) == R"({"id":"cs_test_a","now":"2026-09-21T14:13:20.000Z")"
                               R"(,"nextLook":null,"margin":"","problem":"broken","records":{}
})");
  UnitAnswer unit{.unit = 0,
                  .video = 1,
                  .state = UnitState::failed,
                  .reason = "r",
                  .job = "j",
                  .generator = "g",
                  .cost = "0.15 usd",
                  .url = "u",
                  .attempt = 2,
                  .accepted = then,
                  .retry = {},
                  .registered = Outcome::refund,
                  .refund = "re_1",
                  .amount = 950,
                  .actions = {CommandKind::retry, CommandKind::refund}};
  answer.problem = {};
  answer.nextLook = then;
  answer.order = UnreadableRow{.id = "x", .heldSince = {}, .problem = "p"};
  answer.words = {"Paid."};
  answer.links = std::vector{DashboardLink{"Payment", "https://p"}};
  answer.units = {unit};
  answer.actions = {CommandKind::look};
  answer.evidence = std::vector{EvidenceField{"service_date", "2026-09-21"}};
  CHECK(json::print(answer) ==
        R"({"id":"cs_test_a","now":"2026-09-21T14:13:20.000Z")"
        R"(,"nextLook":"2026-09-21T14:13:20.000Z")"
        R"(,"order":{"id":"x","heldSince":null,"problem":"p"},"words":["Paid."],)"
        R"("links":[{"name":"Payment","url":"https://p"}],)"
        R"("units":[{"unit":0,"video":1,"state":"failed","reason":"r","job":"j",)"
        R"("generator":"g","cost":"0.15 usd","url":"u",)"
        R"("attempt":2,"accepted":"2026-09-21T14:13:20.000Z")"
        R"(,"retry":null,"registered":"refund",)"
        R"("refund":"re_1","amount":950,"actions":["retry","refund"]}],"actions":["look"],)"
        R"("evidence":[{"field":"service_date","text":"2026-09-21"}],"margin":"","problem":null,)"
        R"("records":{}
})");
}

TEST_CASE("answers: a page of orders") {
  Claim claim;
  claim.state = OrderState::held;
  claim.created_us = to_us(then);
  claim.tool = "veo3";
  claim.price = "price_1";
  claim.quantity = 2;
  claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.reason = "why";
  claim.units.resize(2);
  claim.dispute.id = "dp_1";
  claim.dispute.status = "needs_response";
  claim.dispute.reason = "fraudulent";
  claim.dispute.amount_minor = 1900;
  claim.dispute.currency = "usd";
  claim.dispute.created_us = to_us(then);
  OrderPage page;
  claim.version = 3;
  page.orders = {{.session_id = "cs_test_a",
                  .claim = claim,
                  .held_since = then,
                  .gist = {.title = "Dawn", .prompt = "A film …", .email = "ada@example.com"}}};
  page.searched = 9;
  page.next = "r.1.cs_test_a";
  CHECK(
      json::print(answer_of(page)) ==
      R"({"orders":[{"id":"cs_test_a","state":"held","held":true,)"
      R"("created":"2026-09-21T14:13:20.000Z")"
      R"(,"paid":null,"heldSince":"2026-09-21T14:13:20.000Z")"
      R"(,"tool":"veo3","price":"price_1","quantity":2,)"
      R"("amount":1900,"currency":"usd","livemode":false,"units":["waiting","waiting"],)"
      R"("reason":"why","dispute":{"id":"dp_1","status":"needs_response",)"
      R"("reason":"fraudulent","amount":1900,"currency":"usd","created":"2026-09-21T14:13:20.000Z")"
      R"(,"answerBy":null,"needsAnswer":true},"title":"Dawn","prompt":"A film …",)"
      R"("email":"ada@example.com","version":3}],"searched":9,"next":"r.1.cs_test_a",)"
      R"("note":null})");
  CHECK(json::print(answer_of(OrderPage())) ==
        R"({"orders":[],"searched":0,"next":null,"note":null})");
}

TEST_CASE("answers: notifications") {
  NotificationsAnswer answer{.ways = {Channel::webhook, Channel::mail}, .notifications = {}};
  CHECK(json::print(answer) == R"({"ways":["webhook","mail"],"notifications":[]})");
  answer.notifications = {{.id = "msg_1",
                           .way = Channel::mail,
                           .type = "order.delivered",
                           .sessionId = "cs_test_a",
                           .state = MessageState::dead,
                           .createdAt = then,
                           .attempts = 3,
                           .lastAttemptAt = {},
                           .lastStatus = 500,
                           .lastWhy = "no"}};
  CHECK(json::print(answer) ==
        R"({"ways":["webhook","mail"],"notifications":[{"id":"msg_1","way":"mail",)"
        R"("type":"order.delivered","sessionId":"cs_test_a","state":"dead",)"
        R"("createdAt":"2026-09-21T14:13:20.000Z")"
        R"(,"attempts":3,"lastAttemptAt":null,"lastStatus":500,"lastWhy":"no"}]})");
}

}  // namespace
}  // namespace claimcheck
