#include "sim/world.hpp"

#include "base/assert.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "domain/order_machine.hpp"
#include "flow/for_a_person.hpp"
#include "sandbox/ids.hpp"
#include "sim/generators.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <set>

namespace claimcheck::sim {

namespace {

using sandbox::Object;
using sandbox::Value;

constexpr auto start_s = 1'790'000'000;
constexpr Duration faulty_time = std::chrono::minutes(30);
constexpr Duration healing_time = std::chrono::hours(30);
constexpr Duration skew_max = std::chrono::seconds(30);
// Of a request that was on its way when Redis went: our time-out, and how late it may come after.
constexpr Duration under_way_max = std::chrono::seconds(80);
// What Stripe has told nobody is looked for every hour where nothing waits.
constexpr Duration hearing_time = std::chrono::minutes(75);
constexpr Duration settle_look = std::chrono::minutes(5);

const char* const webhook_url = "http://shop/api/webhooks/stripe";

sandbox::Options sandbox_options(Chance& chance) {
  sandbox::Options options;
  options.webhook_url = webhook_url;
  options.webhook_secrets = "whsec_sim";
  options.generate = chance.between(std::chrono::seconds(2), std::chrono::minutes(3));
  options.pay_later = chance.between(std::chrono::seconds(5), std::chrono::minutes(20));
  // A day is longer than a run; what must last is a request that comes late and its repetitions.
  if (chance.roll(0.3)) {
    options.keys_kept = chance.between(std::chrono::minutes(10), std::chrono::minutes(40));
  }
  options.seed = chance.below(1'000'000);
  return options;
}

// The member of the work index that an event is about; "" = it says nothing of an order: whatever
// becomes of a payment, its session tells too, but for money that went back.
std::string order_of_event(std::string_view body) {
  const Result<Value> event = json::parse(body);
  ENSURE(event.has_value());
  const Object& about = event->at("data").at("object").get_object();
  const std::string kind = sandbox::text_of(about, "object");
  if (kind == "checkout.session") return sandbox::text_of(about, "id");
  const bool money_back = kind == "refund" || kind == "dispute" ||
                          sandbox::text_of(event->get_object(), "type") == "charge.refunded";
  return money_back ? due_payment(sandbox::text_of(about, "payment_intent")) : "";
}

}  // namespace

World::World(std::uint64_t seed) : chance_(seed) {
  sandbox::seed_ids(seed);
  catalog_.prices = {{.id = "price_single", .tool = Tool().slug},
                     {.id = "price_triple", .tool = Tool().slug, .units = 3}};
  clock_ = std::make_unique<ManualClock>(from_unix_s(start_s));
  tasks_ = std::make_unique<Tasks>(io_.get_executor());
  network_ = std::make_unique<FakeNetwork>(*clock_, chance_, *tasks_);
  clocks_differ_ = chance_.roll(0.3);
  policy_.refunds_automatic = !chance_.roll(0.2);
  if (chance_.roll(0.2)) policy_.register_mode = RegisterMode::eager;
  StoreLimits limits;
  if (chance_.roll(0.1)) limits.refunds.per_hour = 1;
  if (chance_.roll(0.2)) {
    stripe_calls_per_second_ = 1 + static_cast<std::int64_t>(chance_.below(3));
  }
  store_ = std::make_unique<MemoryStore>(*clock_, limits);
  snapshots_.push_back(store_->snapshot());
  clock_->advance(std::chrono::seconds(2));
  auto made = sandbox::Sandbox::make(*clock_, *network_, *tasks_, sandbox_options(chance_));
  ENSURE(made.has_value());
  stripe_ = std::move(*made);
  stripe_->set_url("http://stripe");
  connect();
  choose_payment_page(seed);
  choose_generators(seed);
  choose_storage(seed);
  choose_capacity(seed);
  choose_edits(seed);
  choose_faults();
  for (std::size_t place = 0; place < processes_.size(); ++place) start_process(place);
}

World::~World() {
  clock_.reset();
  tasks_.reset();
  io_.shutdown();
}

void World::connect() {
  const auto answer = [this](HttpRequest request) { return answer_judged(std::move(request)); };
  network_->connect("http://stripe", answer);
  network_->connect("http://generator", answer);
  network_->connect("http://replicate", answer);
  network_->connect("http://fal", [this](HttpRequest r) { return answer_as_fal(std::move(r)); });
  network_->connect("http://shop", [this](HttpRequest r) { return ask_shop(std::move(r)); });
}

// Codes in a third of the worlds, tax in another. By the seed alone: what a world draws otherwise
// stays as it was.
void World::choose_payment_page(std::uint64_t seed) {
  takes_codes_ = seed % 3 == 1;
  adds_tax_ = seed % 3 == 2;
  stripe::Form& form = payment_page_.general.form;
  if (takes_codes_) form.emplace_back("allow_promotion_codes", "true");
  if (adds_tax_) form.emplace_back("automatic_tax[enabled]", "true");
}

// In a fifth of the worlds results are copied. By the seed alone, likewise.
void World::choose_storage(std::uint64_t seed) {
  policy_.keeps_results = seed % 5 == 2;
  if (!policy_.keeps_results) return;
  judge_.results_are_kept_in(bucket_);
  network_->connect("http://bucket",
                    [this](HttpRequest request) -> boost::asio::awaitable<HttpResponse> {
                      co_return bucket_.answer(request);
                    });
}

// Safety is judged before and after every call that changes something out there.
boost::asio::awaitable<HttpResponse> World::answer_judged(HttpRequest request) {
  const bool refunds = request.method == "POST" && request.path == "/v1/refunds";
  const bool submits = is_submit(request);
  const bool registers = request.method == "POST" && request.path.starts_with("/v1/charges/");
  if (!refunds && !submits && !registers) co_return co_await stripe_->answer(std::move(request));
  const char* const wanted = "/sandbox/ledger?only=charges,refunds";
  const char* const before = submits ? "/sandbox/ledger?only=generations" : wanted;
  if (!registers) {
    const Value books = co_await control("GET", before, "");
    judge_.asked(request, books.get_object(), clock_->now());
  }
  if (store_down_since_ && clock_->now() - *store_down_since_ > under_way_max) {
    judge_.found("without Redis: POST " + request.path);
  }
  const std::optional<Submission> asked =
      submits ? std::optional(submission_in(request)) : std::nullopt;
  if (asked) co_await check_places(*asked);
  HttpResponse response = co_await stripe_->answer(std::move(request));
  if (asked && refuses_content(response)) judge_.content_refused(*asked);
  judge_.step((co_await control("GET", wanted, "")).get_object());
  co_return response;
}

void World::start_process(std::size_t place) {
  if (processes_[place]) remains_.push_back(std::move(processes_[place]));
  processes_[place] = std::make_unique<Process>(
      ProcessParts{io_.get_executor(), *clock_, chance_, *network_, *store_, store_faults_, crash_,
                   judge_, catalog_, policy_, payment_page_, policy_.keeps_results, capacity_,
                   stripe_calls_per_second_, some_skew()});
}

Duration World::some_skew() {
  return clocks_differ_ ? chance_.between(-skew_max, skew_max) : Duration(0);
}

Process* World::any_process() {
  const std::size_t first = chance_.below(processes_.size());
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    Process* process = processes_[(first + i) % processes_.size()].get();
    if (!process->dead()) return process;
  }
  return nullptr;
}

boost::asio::awaitable<HttpResponse> World::ask_shop(HttpRequest request) {
  Process* process = any_process();
  if (process == nullptr) co_return HttpResponse{.status = 0};
  if (request.path != "/api/webhooks/stripe") co_return co_await process->answer(request);
  // Stripe is told that an event was taken only after the wake is kept.
  const std::string member = order_of_event(request.body);
  const std::int64_t before = judge_.times_woken(member);
  HttpResponse response = co_await process->answer(std::move(request));
  const bool kept = member.empty() || judge_.times_woken(member) > before;
  if (response.status == 200 && !kept) judge_.found("200 for a wake of " + member + " not kept");
  co_return response;
}

// Each run has its own weather: some faults often, some never.
void World::choose_faults() {
  const auto some = [this](double often, double rarely) {
    if (chance_.roll(0.5)) return 0.0;
    return chance_.roll(0.3) ? often : rarely;
  };
  crash_ = some(0.01, 0.001);
  store_faults_ = {.refused = some(0.1, 0.01), .lost = some(0.05, 0.005)};
  const bool frail = crash_ + store_faults_.refused + store_faults_.lost > 0;
  if (frail) judge_.leases_may_run_out_until(Time::max());
  network_->set_faults({.lost = some(0.15, 0.02),
                        .answer_lost = some(0.1, 0.02),
                        .late = some(0.05, 0.01),
                        .slow = some(0.8, 0.1),
                        .swapped = some(0.2, 0.02)});
  someone_else_ = chance_.roll(0.2);
  std::string rules;
  const auto rule = [&](std::string_view match, std::string_view action) {
    const double probability = some(0.4, 0.05);
    if (probability == 0) return;
    rules += fmt::format(R"({}{{"match":"{}","probability":{},"action":{}}})",
                         rules.empty() ? "" : ",", match, probability, action);
  };
  const char* const submit = "POST /api/v1/file/generate-video";
  rule(submit, R"({"task":"error"})");
  rule(submit, R"({"task":"never"})");
  rule(submit, R"({"status":422})");
  rule(submit, R"({"status":429})");
  rule(submit, R"({"status":500,"execute":true})");
  rule(submit, R"({"drop":true,"execute":true})");
  rule("GET /api/v1/file*", R"({"status":502,"html":true})");
  rule("POST /v1/refunds", R"({"status":500,"execute":true})");
  rule("POST /v1/refunds", R"({"drop":true,"execute":true})");
  rule("POST /v1/refunds", R"({"status":429})");
  rule("POST /v1/charges/*", R"({"status":500,"execute":true})");
  rule("POST /v1/charges/*", R"({"drop":true,"execute":true})");
  rule("GET /v1/*", R"({"status":500})");
  rule("* /v1/*", R"({"status":429})");
  rule("POST /v1/checkout/sessions", R"({"drop":true,"execute":true})");
  rule("WEBHOOK *", R"({"drop":true})");
  rule("WEBHOOK *", R"({"copies":3})");
  rule("WEBHOOK *", R"({"delay_ms":60000})");
  add_provider_faults(rule);
  now(control("POST", "/sandbox/faults", "[" + rules + "]"));
}

void World::heal() {
  healed_ = true;
  crash_ = 0;
  store_faults_ = {};
  store_down_since_.reset();
  network_->set_faults({});
  now(control("DELETE", "/sandbox/faults", ""));
}

// Runs one coroutine to its end at once; for what never waits for the clock.
template <typename T>
T World::now(boost::asio::awaitable<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr error, T value) {
    ENSURE(!error);
    result = std::move(value);
  });
  while (!result) {
    io_.restart();
    ENSURE(io_.poll() > 0);
  }
  return std::move(*result);
}

boost::asio::awaitable<Value> World::control(std::string method, std::string path,
                                             std::string body) {
  HttpRequest request;
  request.method = std::move(method);
  const std::size_t query = path.find('?');
  request.path = path.substr(0, query);
  if (query != std::string::npos) request.query = path.substr(query + 1);
  request.body = std::move(body);
  const HttpResponse response = co_await stripe_->answer(std::move(request));
  Result<Value> read = json::parse(response.body);
  co_return read ? std::move(*read) : Value();
}

Object World::ledger() {
  Value all = now(control("GET", "/sandbox/ledger?only=sessions,charges,refunds,generations", ""));
  return std::move(all.get_object());
}

std::map<std::string, Claim> World::claims() {
  std::map<std::string, Claim> all;
  const Result<ClaimPage> page = now(store_->orders->claims(""));
  for (const std::string& id : page->session_ids) {
    Result<Claim> claim = now(store_->orders->load(id));
    if (claim) all.emplace(id, std::move(*claim));
  }
  return all;
}

void World::advance_until(Time end, bool until_settled) {
  Time next_look = clock_->now() + settle_look;
  while (clock_->now() < end) {
    io_.restart();
    if (io_.poll() > 0) continue;
    const std::optional<Time> wake = clock_->next_wake();
    if (!wake) return;
    clock_->advance(std::max(*wake - clock_->now(), Duration(0)));
    if (!until_settled || clock_->now() < next_look) continue;
    next_look = clock_->now() + settle_look;
    now(store_->refunds->release_refunds());
    const Value sessions = now(control("GET", "/sandbox/ledger?only=sessions", ""));
    const bool heard = clock_->now() > stripe_back_ + hearing_time;
    if (heard && judge_.settled(sessions.get_object(), claims())) return;
  }
}

// An order that is not over is in the work index: else nobody would ever look at it again. One that
// waits for a person is on the list of those.
void World::check_index() {
  for (const auto& [id, claim] : claims()) {
    for (const OrderList which : for_a_person) {
      if (!belongs_on(which, claim) || now(store_->lists->listed_since(which, id))) continue;
      judge_.found(
          fmt::format("{} waits for a person and is not on the {} list", id, name_of(which)));
    }
    if (is_terminal(claim.state) || claim.state == OrderState::held) continue;
    const std::int64_t before = *now(store_->queue->waiting());
    now(store_->queue->schedule_all({{.member = id, .when = clock_->now()}}));
    if (*now(store_->queue->waiting()) != before) judge_.found(id + " was not in the work index");
  }
}

// Redis' books and Stripe's are the same, but for what a person shall look at: an order held since
// Redis forgot it may be registered as delivered, and so may one whose money a person has sent
// back.
void World::check_books() {
  std::optional<Result<AuditReport>> report;
  tasks_->start(audit(report));
  const Time latest = clock_->now() + std::chrono::hours(1);
  while (!report && clock_->now() < latest) advance_until(clock_->now() + Duration(1), false);
  if (!report || !*report) return judge_.found("the books cannot be read");
  const std::map<std::string, Claim> known = claims();
  for (const auto& [id, what] : (*report)->differences) {
    const auto claim = known.find(id);
    const bool waits = claim != known.end() && claim->second.state == OrderState::held;
    const bool by_hand = sent_back_by_hand_.contains(id) && what.starts_with("delivered");
    if (!waits && !by_hand) judge_.found(id + ": " + what);
  }
}

// I13: each notification of an order is in the outbox, under its one id. Nothing is sent here, so
// all messages are still there.
void World::check_notifications() {
  std::set<std::string> written;
  const Result<std::vector<OutboxMessage>> kept =
      now(store_->outbox->messages(MessageState::waiting, 100'000));
  for (const OutboxMessage& message : *kept) written.insert(message.id);
  for (const auto& [id, claim] : claims()) {
    if (!due_notifications(claim, clock_->now()).items.empty())
      judge_.found(id + " has a notification that is not in the outbox");
    using enum NotificationKind;
    for (const NotificationKind kind :
         {delivered, failed, refunded, held, delayed, prompt_refused, disputed}) {
      const std::size_t at = claim.notified.find(fmt::format("{}.", name_of(kind)));
      if (at == std::string::npos) continue;
      judge_.happened(fmt::format("(shop) told of {}", name_of(kind)));
      const std::int64_t times =
          std::stoll(claim.notified.substr(claim.notified.find('.', at) + 1));
      for (std::int64_t i = 1; i <= times; ++i) {
        if (written.contains(notification_id(id, {.kind = kind, .ordinal = i}))) continue;
        judge_.found(
            fmt::format("{} says that {}.{} was told, and nobody was", id, name_of(kind), i));
      }
    }
  }
}

boost::asio::awaitable<void> World::audit(std::optional<Result<AuditReport>>& report) {
  Metrics metrics;
  stripe::Client stripe(*network_, *clock_, metrics,
                        {.url = "http://stripe", .key = Secret("sk_test_audit")});
  Audit books(*store_, stripe, catalog_, *clock_, policy_);
  report = co_await books.run(from_unix_s(start_s));
}

Verdict World::run() {
  const std::uint64_t orders = 1 + chance_.below(5);
  for (std::uint64_t i = 0; i < orders; ++i) tasks_->start(buyer(static_cast<int>(i)));
  tasks_->start(inject_faults());
  tasks_->start(generator_outage());
  tasks_->start(stripe_outage());
  tasks_->start(person_in_charge());
  tasks_->start(keep_processes());
  advance_until(clock_->now() + faulty_time, false);
  heal();
  const Time end = clock_->now() + healing_time;
  // Delayed payments arrive, and the hourly walk has looked for what the work index lost.
  advance_until(clock_->now() + std::chrono::minutes(70), false);
  check_index();
  advance_until(end, true);
  check_books();
  check_notifications();
  return judge_.judge(ledger(), claims(), clock_->now());
}

}  // namespace claimcheck::sim
