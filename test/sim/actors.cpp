// The actors of the simulated world: buyers, the fault injector, a person in charge, and the
// supervisor that starts crashed processes again.
#include "base/json.hpp"
#include "sim/generators.hpp"
#include "sim/world.hpp"

#include <fmt/format.h>

namespace claimcheck::sim {

namespace {

using sandbox::text_of;
using sandbox::Value;

constexpr Duration outage_max = std::chrono::hours(20);
constexpr Duration ordering_time = std::chrono::minutes(12);
// By a crash, or a Redis that was away: so long leases run, and their ends are told.
constexpr Duration lapse_excused = std::chrono::minutes(10);
constexpr std::size_t snapshots_max = 8;
constexpr Duration deciding_time = std::chrono::minutes(80);
constexpr Duration editing_time = std::chrono::minutes(60);

std::string text_in(const Value& value, std::string_view name) {
  return value.is_object() ? text_of(value.get_object(), name) : std::string();
}

}  // namespace

boost::asio::awaitable<std::string> World::order(int number) {
  HttpCall call;
  call.method = "POST";
  call.url = "http://shop/api/create-checkout";
  call.headers = {{"content-type", "application/json"},
                  {"idempotency-key", fmt::format("order-{}", number)}};
  const bool triple = chance_.roll(0.2);
  call.body = fmt::format(R"({{"priceId":"{}","quantity":{},"prompt":"order {}"}})",
                          triple ? "price_triple" : "price_single", 1 + chance_.below(3), number);
  for (int tries = 0; tries < 8; ++tries) {
    const Result<HttpResponse> answer = co_await network_->send(call);
    if (answer && answer->status == 200) {
      const Result<Value> body = json::parse(answer->body);
      if (body) {
        std::string id = text_in(*body, "sessionId");
        judge_.ordered(id, fmt::format("order {}", number));
        co_return id;
      }
    }
    co_await clock_->sleep(chance_.between(std::chrono::seconds(1), std::chrono::seconds(30)));
  }
  co_return "";
}

// The shop's own site makes the session and writes the value; only the webhook is ours.
boost::asio::awaitable<std::string> World::order_at_site(int number) {
  HttpRequest request{.method = "POST", .path = "/v1/checkout/sessions"};
  request.headers = {{"authorization", "Bearer sk_test_site"},
                     {"content-type", "application/x-www-form-urlencoded"}};
  const std::uint64_t quantity = 1 + chance_.below(3);
  request.body = fmt::format(
      "mode=payment&line_items[0][price]=price_single&line_items[0][quantity]={}"
      "&success_url=https://site/done&cancel_url=https://site/",
      quantity);
  if (chance_.roll(0.5)) request.body += "&metadata[tool]=site";
  for (const auto& [name, value] : payment_page_.general.form) {
    request.body += fmt::format("&{}={}", name, value);
  }
  const HttpResponse answer = co_await stripe_->answer(std::move(request));
  const Result<Value> session = json::parse(answer.body);
  std::string id = session ? text_in(*session, "id") : "";
  if (id.empty()) co_return id;
  judge_.sold_by_site(id);
  judge_.ordered(id, fmt::format("order {}", number));
  co_await store_->sessions->write_session(
      id, std::nullopt,
      fmt::format(R"({{"prompt":"order {}","videoCount":{},"duration":8,"resolution":"1280x720",)"
                  R"("style":"cinematic","toolSlug":"{}","toolTitle":"t","createdAt":"{}",)"
                  R"("status":"pending"}})",
                  number, quantity, Tool().slug, to_iso(clock_->now())));
  judge_.happened("(shop) an order of its own site");
  co_return id;
}

boost::asio::awaitable<void> World::look(std::string session_id) {
  HttpCall call;
  call.url = "http://shop/api/webhook-status/" + session_id;
  const Result<HttpResponse> answer = co_await network_->send(std::move(call));
  const Result<Value> body = json::parse(answer ? answer->body : "");
  const std::string prompt = body ? text_in(*body, "prompt") : "";
  if (!prompt.empty()) judge_.told(session_id, prompt);
}

// What the buyer types into the payment page, as a member of the sandbox's request; may be empty.
std::string World::typed_code(int number) {
  if (adds_tax_) judge_.happened("(buyer) paid tax");
  if (!takes_codes_ || number % 2 == 0) return "";
  const bool everything = number % 3 == 0;
  judge_.happened(everything ? "(buyer) had a code for everything" : "(buyer) had a code");
  return fmt::format(R"(,"code":"{}")", everything ? "FREE100" : "SAVE20");
}

boost::asio::awaitable<void> World::buyer(int number) {
  co_await clock_->sleep(chance_.between(Duration(0), ordering_time));
  const bool at_site = chance_.roll(0.15);
  const std::string id = co_await (at_site ? order_at_site(number) : order(number));
  if (id.empty()) co_return;
  co_await clock_->sleep(chance_.between(std::chrono::seconds(1), std::chrono::minutes(2)));
  constexpr std::array<const char*, 8> ways = {"pay", "pay",     "pay",   "pay",
                                               "pay", "decline", "later", "later_fail"};
  const std::string way = ways.at(chance_.below(ways.size()));
  const std::string path = "/sandbox/sessions/" + id + "/pay";
  co_await control("POST", path, fmt::format(R"({{"action":"{}"{}}})", way, typed_code(number)));
  if (way == "decline") co_await control("POST", path, R"({"action":"pay"})");
  for (std::uint64_t looks = chance_.below(4); looks > 0; --looks) {
    co_await clock_->sleep(chance_.between(std::chrono::seconds(5), std::chrono::minutes(3)));
    co_await look(id);
  }
  if (policy_.prompt_edits_max > 0) co_await answer_refusal(id, number);
}

// Of a refused prompt: writes another one, takes the money, or forgets it; sometimes in two tabs.
boost::asio::awaitable<void> World::answer_refusal(std::string session_id, int number) {
  const std::uint64_t tabs = 1 + chance_.below(2);
  const Time end = clock_->now() + editing_time;
  for (int written = 0; clock_->now() < end;) {
    co_await clock_->sleep(chance_.between(std::chrono::seconds(10), std::chrono::minutes(4)));
    const Result<SessionBytes> stored = co_await store_->sessions->read_session(session_id);
    if (!stored || !stored->bytes.contains(R"("notice":"prompt_refused")")) continue;
    judge_.happened("(buyer) looked at a refused prompt");
    for (std::uint64_t tab = 0; tab < tabs; ++tab) {
      if (chance_.roll(0.2)) continue;
      std::string body = R"({"refund":true})";
      if (chance_.roll(0.8)) {
        const std::string prompt = fmt::format("order {}, again {}", number, ++written);
        judge_.edits(session_id, prompt);
        body = fmt::format(R"({{"prompt":"{}"}})", prompt);
      }
      tasks_->start(send_prompt(session_id, std::move(body)));
    }
  }
}

boost::asio::awaitable<void> World::send_prompt(std::string session_id, std::string body) {
  HttpCall call;
  call.method = "POST";
  call.url = "http://shop/api/prompt/" + session_id;
  call.headers = {{"content-type", "application/json"}};
  call.body = std::move(body);
  const Result<HttpResponse> answer = co_await network_->send(std::move(call));
  const Result<Value> told = json::parse(answer ? answer->body : "");
  if (answer && answer->status == 409 && told) {
    judge_.happened("(buyer) rejected: " + text_in(*told, "code"));
  }
}

boost::asio::awaitable<std::string> World::paid_session() {
  const Value all = co_await control("GET", "/sandbox/ledger?only=sessions", "");
  std::vector<std::string> paid;
  for (const Value& session : all.at("sessions").get_array()) {
    if (text_in(session, "payment_status") == "paid") paid.push_back(text_in(session, "id"));
  }
  co_return paid.empty() ? "" : paid[chance_.below(paid.size())];
}

boost::asio::awaitable<void> World::inject_faults() {
  const Duration calm = chance_.between(std::chrono::seconds(20), std::chrono::minutes(10));
  while (!healed_) {
    co_await clock_->sleep(chance_.between(std::chrono::seconds(1), calm));
    if (!healed_) co_await strike();
  }
}

boost::asio::awaitable<void> World::strike() {
  if (someone_else_ && chance_.roll(0.3)) co_return co_await someone_else_generates();
  switch (chance_.below(9)) {
    case 0:
      judge_.leases_may_run_out_until(clock_->now() + lapse_excused);
      processes_[chance_.below(processes_.size())]->crash();
      judge_.happened("(fault) a process crashed");
      break;
    case 1: {
      judge_.leases_may_run_out_until(clock_->now() + lapse_excused);
      store_faults_.down = true;
      store_down_since_ = clock_->now();
      co_await clock_->sleep(chance_.between(std::chrono::seconds(1), std::chrono::minutes(2)));
      store_faults_.down = false;
      store_down_since_.reset();
      judge_.happened("(fault) Redis was away");
      break;
    }
    case 2:
    case 3:
      if (snapshots_.size() >= snapshots_max) snapshots_.erase(snapshots_.begin());
      snapshots_.push_back(store_->snapshot());
      break;
    case 4:
      // What is shown before it is registered is as safe as Redis is.
      if (policy_.register_mode == RegisterMode::eager || !chance_.roll(0.5)) break;
      judge_.leases_may_run_out_until(clock_->now() + lapse_excused);
      places_forgotten_ = true;
      store_->go_back(snapshots_[chance_.below(snapshots_.size())]);
      judge_.happened("(fault) Redis went back in time");
      break;
    case 5: {
      const Result<std::vector<Due>> due = co_await store_->queue->take(1, std::chrono::seconds(1));
      if (!due || due->empty()) break;
      Due lost = due->front();
      unindexed_.insert(lost.member);
      co_await store_->queue->settle(std::move(lost), std::nullopt);
      judge_.happened("(fault) the work index lost an order");
      break;
    }
    case 6:
      processes_[chance_.below(processes_.size())]->step_clock(
          chance_.between(-std::chrono::hours(1), std::chrono::hours(1)));
      judge_.happened("(fault) a machine's clock jumped");
      break;
    case 7: co_await write_beside(); break;
    default: co_await strike_stripe();
  }
}

// Another program keeps something of its own in the session value.
boost::asio::awaitable<void> World::write_beside() {
  const std::string id = co_await paid_session();
  const Result<SessionBytes> stored = co_await store_->sessions->read_session(id);
  if (!stored || stored->bytes.contains(foreign_member)) co_return;
  const std::string without_end = stored->bytes.substr(0, stored->bytes.rfind('}'));
  co_await store_->sessions->write_session(id, stored->digest,
                                           without_end + "," + foreign_member + "}");
  judge_.happened("(fault) another program wrote into a session");
}

// Another customer with the same account of the generator: its files fill the list, once.
boost::asio::awaitable<void> World::someone_else_generates() {
  const std::uint64_t files = 60 + chance_.below(540);
  someone_else_ = false;
  HttpRequest request{.method = "POST", .path = "/api/v1/file/generate-video"};
  request.headers = {{"authorization", "Bearer simulated-token-0123456789abcdef"}};
  request.body = R"({"config":{"generation_config_name":"comfyui/ltx","prompt":"of others"}})";
  for (std::uint64_t i = 0; i < files; ++i) co_await stripe_->answer(request);
  judge_.happened("(fault) the generator's list was full of others' files");
}

// Of minutes or hours, and beyond the other faults; shorter than an order's patience. Of several
// generators one.
boost::asio::awaitable<void> World::generator_outage() {
  const std::vector<GeneratorChoice>& several = catalog_.tools.front().generators;
  if (!chance_.roll(several.empty() ? 0.2 : 0.5)) co_return;
  co_await clock_->sleep(chance_.between(Duration(0), std::chrono::minutes(20)));
  const Duration longest = chance_.roll(0.5) ? outage_max : std::chrono::minutes(40);
  const std::string away =
      several.empty() ? "superduperai" : several[chance_.below(several.size())].generator;
  network_->cut_off(peer_of(away),
                    clock_->now() + chance_.between(std::chrono::minutes(1), longest));
  judge_.happened("(fault) the generator was away");
}

// Nothing ends because Stripe was away; what it did meanwhile it tells afterwards.
boost::asio::awaitable<void> World::stripe_outage() {
  if (!chance_.roll(0.1)) co_return;
  co_await clock_->sleep(chance_.between(Duration(0), std::chrono::minutes(20)));
  const Duration longest = chance_.roll(0.5) ? std::chrono::hours(3) : std::chrono::minutes(10);
  stripe_back_ = clock_->now() + chance_.between(std::chrono::minutes(1), longest);
  network_->cut_off("http://stripe", stripe_back_);
  judge_.happened("(fault) Stripe was away");
}

boost::asio::awaitable<void> World::strike_stripe() {
  const std::string id = co_await paid_session();
  if (id.empty()) co_return;
  const Value all = co_await control("GET", "/sandbox/ledger?only=events", "");
  const auto& events = all.at("events").get_array();
  const Value& event = events[chance_.below(events.size())];
  const std::uint64_t kind = chance_.below(20);
  if (kind == 0) {
    co_await control("POST", "/sandbox/sessions/" + id + "/dispute", "{}");
    judge_.happened("(fault) a payment was disputed");
  } else if (kind == 1) {
    co_await refund_by_hand(id);
  } else {
    co_await control("POST", "/sandbox/events/" + text_in(event, "id") + "/resend",
                     R"({"copies":3})");
    judge_.happened("(fault) an old event came three times");
  }
}

// By a person in the Dashboard: all of it, the price of a video, or some other sum.
boost::asio::awaitable<void> World::refund_by_hand(std::string session_id) {
  const Value all = co_await control("GET", "/sandbox/ledger?only=sessions", "");
  for (const Value& session : all.at("sessions").get_array()) {
    if (text_in(session, "id") != session_id) continue;
    constexpr std::array<const char*, 3> amounts = {"", "&amount=100", "&amount=30"};
    HttpRequest request{.method = "POST", .path = "/v1/refunds"};
    request.headers = {{"authorization", "Bearer sk_test_person"},
                       {"content-type", "application/x-www-form-urlencoded"}};
    request.body = "payment_intent=" + text_in(session, "payment_intent") +
                   amounts.at(chance_.below(amounts.size()));
    co_await stripe_->answer(std::move(request));
    sent_back_by_hand_.insert(session_id);
    judge_.happened("(fault) a person refunded");
  }
}

// Decides about orders at random, sensible or not; sees them through after the faults are over.
boost::asio::awaitable<void> World::person_in_charge() {
  if (chance_.roll(0.3)) co_return;
  const Duration pace = chance_.between(std::chrono::seconds(10), std::chrono::minutes(5));
  const Time end = clock_->now() + deciding_time;
  while (clock_->now() < end) {
    co_await clock_->sleep(chance_.between(std::chrono::seconds(1), pace));
    co_await read_held_list();
    co_await decide_something();
  }
}

// Whoever reads it takes off what is not held any more, at any moment of a pass.
boost::asio::awaitable<void> World::read_held_list() {
  HttpCall call;
  call.url = "http://shop/api/ops/sessions?filter=held";
  call.headers = {{"authorization", "Bearer operator-of-the-simulation"}};
  const Result<HttpResponse> answer = co_await network_->send(std::move(call));
  if (answer && answer->status == 200) judge_.happened("(person) read the held list");
}

boost::asio::awaitable<void> World::decide_something() {
  const std::string id = co_await paid_session();
  if (id.empty()) co_return;
  constexpr std::array<const char*, 10> actions = {"look",     "erase",  "retry",  "retry",
                                                   "resubmit", "refund", "refund", "refund",
                                                   "resubmit", "deliver"};
  const std::string action = actions.at(chance_.below(actions.size()));
  std::string more;
  if (action == "deliver") more = R"(,"url":"https://hand/1.mp4")";
  if (action == "refund" && chance_.roll(0.2)) {
    more += R"(,"all":true)";
  } else if (action != "look" && action != "erase" && chance_.roll(0.8)) {
    more += fmt::format(R"(,"unit":{})", chance_.roll(0.6) ? 0 : chance_.below(4));
  }
  HttpCall call;
  call.method = "POST";
  call.url = "http://shop/api/ops/sessions/" + id + "/actions";
  call.headers = {{"authorization", "Bearer operator-of-the-simulation"}};
  call.body = fmt::format(R"({{"action":"{}"{}}})", action, more);
  const Result<HttpResponse> answer = co_await network_->send(std::move(call));
  const Result<Value> body = json::parse(answer ? answer->body : "");
  if (answer && answer->status == 200) judge_.happened("(person) " + action);
  if (answer && answer->status == 409 && body) {
    judge_.happened("(person) rejected: " + action + " " + text_in(*body, "code"));
  }
}

boost::asio::awaitable<void> World::keep_processes() {
  while (true) {
    co_await clock_->sleep(chance_.between(std::chrono::seconds(1), std::chrono::seconds(40)));
    for (std::size_t place = 0; place < processes_.size(); ++place) {
      if (processes_[place]->dead()) start_process(place);
    }
  }
}

}  // namespace claimcheck::sim
