// What a buyer does about a refused prompt, on the memory store: claim and prompt change in one
// write, and what is wrong with the other prompt is named before anything changes.
#include "base/crypto.hpp"
#include "domain/names.hpp"
#include "flow/refused_prompt.hpp"
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::order_id;

struct Refused {
  test::Order order;
  ScreeningOptions options;

  Refused() {
    order.world.context.policy.prompt_edits_max = 1;
    order.pass({order.paid()});
    Commit change{.session_id = order_id, .claim = order.claim(), .lines = {}, .view = {}};
    change.claim.state = OrderState::paid;
    change.claim.prompt_sha256 = sha256_hex("the refused one");
    change.claim.prompt_edit_ends_us = to_us(order.world.run.clock.now() + std::chrono::hours(1));
    Unit& unit = change.claim.units.at(0);
    unit.state = UnitState::editable;
    unit.attempt = 1;
    unit.intent_us = to_us(order.world.run.clock.now());
    REQUIRE(order.world.run(order.world.store.orders->commit(std::move(change))) ==
            CommitResult::done);
    order.world.http.calls.clear();
  }

  RefusedPrompt::Done edit(const std::string& prompt) {
    Screening screening(order.world.context, order.world.http, options);
    RefusedPrompt prompts(order.world.context, &screening);
    return order.world.run(prompts.edit(order_id, prompt));
  }
  RefusedPrompt::Done decline() {
    return order.world.run(RefusedPrompt(order.world.context, nullptr).decline(order_id));
  }
  std::string bytes() {
    return order.world.run(order.world.store.sessions->read_session(order_id))->bytes;
  }
};

TEST_CASE("refused prompt: claim and prompt change in one write, and the order is due at once") {
  Refused refused;
  std::string before = refused.bytes();
  before.insert(before.size() - 1, R"(,"theirs":{"kept": 1.50})");
  REQUIRE(refused.order.world.run(
      refused.order.world.store.sessions->write_session(order_id, std::nullopt, before)));
  const std::int64_t version = refused.order.claim().version;
  REQUIRE(refused.edit("a dog \xF0\x9F\x90\x95"));
  const Claim claim = refused.order.claim();
  CHECK(claim.version == version + 1);
  CHECK(claim.prompt_edits == 1);
  CHECK(claim.units[0].state == UnitState::waiting);
  const SessionData shown = refused.order.shown();
  CHECK(shown.prompt == "a dog \xF0\x9F\x90\x95");
  CHECK(!shown.notice);
  CHECK(claim.prompt_sha256 == sha256_hex(styled_prompt(Tool(), shown.prompt, shown.style)));
  CHECK(refused.bytes().contains(R"("theirs":{"kept": 1.50})"));
  CHECK(!refused.bytes().contains("a cat"));
  CHECK(refused.order.world.run(refused.order.world.store.queue->due_at(order_id)).value() <=
        refused.order.world.run.clock.now());
  CHECK(refused.order.world.http.calls.empty());
}

TEST_CASE("refused prompt: of two edits the second is told that the first one was faster") {
  Refused refused;
  REQUIRE(refused.edit("a dog"));
  const auto second = refused.edit("a bird");
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == RefusalKind::conflict);
  CHECK(second.error().code == "not_refused");
  CHECK(refused.order.shown().prompt == "a dog");
}

TEST_CASE("refused prompt: what is wrong with the other one is named, and changes nothing") {
  Refused refused;
  refused.options.words = WordList::parse("forbidden").value();
  const std::string before = refused.bytes();
  const auto code = [&](const std::string& prompt) { return refused.edit(prompt).error().code; };
  CHECK(code(" \n\t") == "empty_prompt");
  CHECK(code(std::string(prompt_bytes_max + 1, 'x')) == "prompt_too_long");
  CHECK(code("a Forbidden cat") == "prompt_refused");
  CHECK(refused.edit("a Forbidden cat").error().kind == RefusalKind::invalid);
  CHECK(refused.bytes() == before);
  CHECK(refused.order.claim().units[0].state == UnitState::editable);
}

TEST_CASE("refused prompt: the shop's hook is asked about the other prompt of the same order") {
  Refused refused;
  refused.options.url = "https://shop/screen";
  refused.options.keys = {Secret("k1")};
  refused.order.world.http.answers = {test::answer(200, R"({"allowed":true})")};
  REQUIRE(refused.edit("a dog"));
  REQUIRE(refused.order.world.http.calls.size() == 1);
  const auto asked = json::parse(refused.order.world.http.calls[0].body).value();
  CHECK(json::text_at(asked, "prompt") == "a dog");
  CHECK(json::text_at(asked, "priceId") == "price_1");
  CHECK(json::text_at(asked, "toolSlug") == Tool().slug);
}

TEST_CASE("refused prompt: no question to the shop where no edit is possible") {
  Refused refused;
  REQUIRE(refused.decline());
  refused.options.url = "https://shop/screen";
  refused.options.keys = {Secret("k1")};
  CHECK(refused.edit("a dog").error().code == "not_refused");
  CHECK(refused.order.world.http.calls.empty());
}

TEST_CASE("refused prompt: the buyer takes the money, and the prompt stays as it was") {
  Refused refused;
  REQUIRE(refused.decline());
  CHECK(refused.order.claim().units[0].state == UnitState::failed);
  CHECK(refused.order.shown().prompt == "a cat");
  CHECK(refused.order.shown().notice == name_of(SessionNotice::refund_under_way));
  CHECK(refused.decline().error().code == "not_refused");
}

TEST_CASE("refused prompt: an order that nobody knows, or that cannot be read") {
  Refused refused;
  RefusedPrompt prompts(refused.order.world.context, nullptr);
  const auto unknown = refused.order.world.run(prompts.edit("cs_test_other", "a dog"));
  CHECK(unknown.error().kind == RefusalKind::unknown);
  REQUIRE(refused.order.world.run(
      refused.order.world.store.sessions->write_session(order_id, std::nullopt, "not json")));
  CHECK(refused.edit("a dog").error().kind == RefusalKind::unreadable);
  CHECK(refused.order.claim().units[0].state == UnitState::editable);
}

}  // namespace
}  // namespace claimcheck
