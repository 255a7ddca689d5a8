// A made video on its way to the shop's storage, and the address of a delivered one afterwards.
#include "domain/link_watch.hpp"
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Unit& only(const Decision& decision) { return decision.claim.units[0]; }

Polled ready(std::string url = "https://v/1.mp4") {
  Polled answer{.result = PollResult::ready, .url = std::move(url)};
  answer.own_url = "https://shop/api/result/cs_1-1.mp4";
  return answer;
}

Copied stored() {
  return {.result = CopyResult::stored,
          .object = "2026-11-29/a.mp4",
          .url = "https://files/a.mp4",
          .content_type = "video/mp4",
          .bytes = 7};
}

Claim delivered(const Claim& claim) {
  return decide(claim, Registered{.outcome = Outcome::deliver}, start).claim;
}

TEST_CASE("copy: a made video is delivered only when its copy is whole") {
  const Claim copying = copying_claim();
  CHECK(copying.units[0].state == UnitState::copying);
  CHECK(copying.units[0].url.empty());
  CHECK(copying.units[0].source_url == "https://v/1.mp4");
  CHECK(decide(copying, Woken(), start).action.kind == ActionKind::copy);
  const Decision whole = decide(copying, stored(), start);
  CHECK(only(whole).state == UnitState::ready);
  CHECK(only(whole).url == "https://files/a.mp4");
  CHECK(only(whole).object == "2026-11-29/a.mp4");
  CHECK(only(whole).bytes == 7);
  CHECK(whole.action.kind == ActionKind::write_register);
}

TEST_CASE("copy: what the register calls delivered needs no second outcome after its copy") {
  Claim known = copying_claim();
  known.units[0].registered = Outcome::deliver;
  CHECK(only(decide(known, stored(), start)).state == UnitState::delivered);
}

TEST_CASE(
    "copy: an upload is recorded before the next stretch, so that a crash loses one stretch") {
  const Copied part{
      .result = CopyResult::going_on, .object = "o", .upload = "up-1", .source_tag = "100 \"e\""};
  const Decision first = decide(copying_claim(), part, start);
  CHECK(first.commit);
  CHECK(only(first).upload == "up-1");
  CHECK(only(first).source_tag == "100 \"e\"");
  CHECK(first.action.kind == ActionKind::copy);
  CHECK(!decide(first.claim, part, start).commit);
  Copied more = part;
  more.upload_parts = "\"a\" \"b\"";
  CHECK(only(decide(first.claim, more, start)).upload_parts == more.upload_parts);
}

TEST_CASE("copy: an upload that was begun is recorded, also when no part of it arrived") {
  Copied silent{.result = CopyResult::unclear, .object = "o", .upload = "up-1"};
  const Decision waits = decide(copying_claim(), silent, start);
  CHECK(only(waits).upload == "up-1");
  CHECK(only(waits).object == "o");
  CHECK(only(waits).put_offs == 1);
  // What says nothing of an upload leaves the recorded one as it is.
  const Copied nothing{.result = CopyResult::unclear};
  CHECK(only(decide(waits.claim, nothing, start)).upload == "up-1");
}

TEST_CASE("copy: one that begins anew waits first, and longer each time") {
  const Copied anew{.result = CopyResult::going_on, .reason = "the storage has no such upload"};
  Claim claim = copying_claim();
  claim.units[0].upload = "up-1";
  const Decision once = decide(claim, anew, start);
  CHECK(only(once).upload.empty());
  CHECK(once.action == Action{.kind = ActionKind::park, .delay = Policy().refused_min});
  CHECK(decide(once.claim, anew, start).action.delay == 2 * Policy().refused_min);
}

TEST_CASE("copy: while source or storage is silent it waits longer each time, then for a person") {
  const Copied silent{.result = CopyResult::unclear, .reason = "the storage: no connection"};
  const Decision once = decide(copying_claim(), silent, start);
  CHECK(only(once).state == UnitState::copying);
  CHECK(once.action == Action{.kind = ActionKind::park, .delay = Policy().refused_min});
  const Decision twice = decide(once.claim, silent, start);
  CHECK(twice.action.delay == 2 * Policy().refused_min);
  const Time late = start + Policy().generator_patience + Duration(1);
  const Decision held = decide(once.claim, silent, late);
  CHECK(only(held).state == UnitState::held);
  CHECK(only(held).reason ==
        "its copy was not finished within 1440 min: the storage: no connection");
}

TEST_CASE("copy: a dead source is asked for again three times, then the money goes back") {
  const Copied gone{.result = CopyResult::gone};
  Claim claim = copying_claim();
  Policy keeps;
  keeps.keeps_results = true;
  for (int tries = 1; tries < 3; ++tries) {
    claim = decide(claim, gone, start, keeps).claim;
    CHECK(claim.units[0].state == UnitState::running);
    claim = decide(claim, ready(), start, keeps).claim;
    CHECK(claim.units[0].state == UnitState::copying);
  }
  CHECK(only(decide(claim, gone, start, keeps)).state == UnitState::failed);
}

TEST_CASE("copy: what is no video, or too large, waits for a person") {
  const Copied unfit{.result = CopyResult::unfit, .reason = "it is no video, but text/html"};
  const Decision held = decide(copying_claim(), unfit, start);
  CHECK(only(held).state == UnitState::held);
  CHECK(only(held).reason == "its result cannot be kept: it is no video, but text/html");
}

TEST_CASE("copy: other units go on while one is copied") {
  Claim claim = paid_claim(2);
  Policy keeps;
  keeps.keeps_results = true;
  for (std::size_t unit = 0; unit < 2; ++unit) {
    claim = decide(claim, prepared(unit), start).claim;
    claim = decide(claim, submitted(SubmitResult::accepted, unit, "job"), start).claim;
  }
  claim = decide(claim, ready(), start, keeps).claim;
  const Time later = start + std::chrono::seconds(10);
  const Decision next =
      decide(claim, Copied{.result = CopyResult::going_on, .upload = "up"}, later, keeps);
  CHECK(next.action == Action{.kind = ActionKind::poll, .unit = 1});
  const Decision after =
      decide(next.claim, Polled{.unit = 1, .result = PollResult::running}, later, keeps);
  CHECK(after.action == Action{.kind = ActionKind::copy, .unit = 0});
}

TEST_CASE("an address that ends or needs our key is replaced by ours, without a storage") {
  CHECK(only(decide(running_claim(), ready(), start)).url == "https://v/1.mp4");
  Polled with_key = ready();
  with_key.url_needs_key = true;
  with_key.thumbnail_url = "https://v/1.webp";
  const Decision kept = decide(running_claim(), with_key, start);
  CHECK(only(kept).state == UnitState::ready);
  CHECK(only(kept).url == "https://shop/api/result/cs_1-1.mp4");
  CHECK(only(kept).source_url == "https://v/1.mp4");
  CHECK(only(kept).thumbnail_url.empty());
  Polled ending = ready();
  ending.url_ends = start + std::chrono::hours(1);
  CHECK(only(decide(running_claim(), ending, start)).url == "https://shop/api/result/cs_1-1.mp4");
}

TEST_CASE("link: a delivered video is looked at after a day, then each time after as long again") {
  Claim claim = delivered(ready_claim());
  claim.units[0].delivered_us = to_us(start);
  const Policy policy;
  std::vector<int> days;
  for (int day = 0; day <= 40; ++day) {
    const Time now = start + std::chrono::days(day) + std::chrono::minutes(1);
    if (!link_to_look_at(claim, now, policy)) continue;
    days.push_back(day);
    claim = decide(claim, LinkSeen{.state = LinkState::there}, now).claim;
  }
  CHECK(days == std::vector<int>{1, 3, 7, 15});
}

TEST_CASE(
    "link: two dead looks an hour apart tell the buyer; a third that finds it gives it back") {
  Claim claim = delivered(ready_claim());
  const LinkSeen dead{.state = LinkState::dead};
  const Time day = start + std::chrono::days(1);
  claim = decide(claim, dead, day).claim;
  CHECK(has_video(claim.units[0]));
  CHECK(!link_to_look_at(claim, day + std::chrono::minutes(59), Policy()));
  const Time later = day + std::chrono::hours(1);
  REQUIRE(link_to_look_at(claim, later, Policy()) == std::size_t{0});
  const Decision lost = decide(claim, dead, later);
  CHECK(has_lost_link(only(lost)));
  CHECK(lost.moves.back().why == "its address holds no video any more");
  CHECK(lost.claim.state == OrderState::done);
  CHECK(view_of(lost.claim).notice == SessionNotice::link_lost);
  LinkSeen again{.state = LinkState::there};
  again.own_url = "https://shop/api/result/cs_1-1.mp4";
  const Decision back = decide(lost.claim, again, later + std::chrono::days(2));
  CHECK(only(back).url == again.own_url);
  CHECK(only(back).source_url == "https://v/1.mp4");
}

TEST_CASE("link: another address that the generator gives takes the dead one's place") {
  const Claim claim = delivered(ready_claim());
  LinkSeen other{.state = LinkState::dead, .url = "https://v/2.mp4"};
  const Decision fresh = decide(claim, other, start + std::chrono::days(1));
  CHECK(only(fresh).url == "https://v/2.mp4");
  CHECK(only(fresh).source_url.empty());
  other.own_url = "https://shop/api/result/cs_1-1.mp4";
  const Decision ours = decide(claim, other, start + std::chrono::days(1));
  CHECK(only(ours).url == other.own_url);
  CHECK(only(ours).source_url == "https://v/2.mp4");
}

TEST_CASE("link: an address that a buyer found dead is looked at once, and then is lost") {
  const Claim claim = delivered(ready_claim());
  const Decision doubted = decide(claim, LinkSeen{.state = LinkState::doubted}, start);
  CHECK(doubted.commit);
  CHECK(link_to_look_at(doubted.claim, start, Policy()) == std::size_t{0});
  CHECK(has_lost_link(only(decide(doubted.claim, LinkSeen{.state = LinkState::dead}, start))));
  const Decision fine = decide(doubted.claim, LinkSeen{.state = LinkState::there}, start);
  CHECK(!link_to_look_at(fine.claim, start, Policy()));
}

TEST_CASE("link: an address with an end is looked at when it has ended") {
  Claim claim = delivered(ready_claim());
  claim.units[0].url_ends_us = to_us(start + std::chrono::hours(1));
  CHECK(!link_to_look_at(claim, start + std::chrono::minutes(59), Policy()));
  CHECK(link_to_look_at(claim, start + std::chrono::minutes(61), Policy()));
}

TEST_CASE("media: file endings by content type, and what may be kept as which kind") {
  CHECK(file_ending(MediaKind::video, "video/webm; codecs=vp9") == ".webm");
  CHECK(file_ending(MediaKind::video, "application/octet-stream") == ".mp4");
  CHECK(file_ending(MediaKind::image, "image/jpeg") == ".jpg");
  CHECK(file_ending(MediaKind::audio, "video/mp4") == ".mp3");
  CHECK(fits(MediaKind::video, ""));
  CHECK(fits(MediaKind::image, "image/png"));
  CHECK(!fits(MediaKind::image, "video/mp4"));
  CHECK(!fits(MediaKind::video, "text/html"));
}

}  // namespace
}  // namespace claimcheck::test
