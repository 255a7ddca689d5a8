// The HTTP contract as types: every answer of the API with fixed members that is not a list or a
// record of report/. Callers read names and order of the members, so they change only together with
// the contract. An answer about an order's status is written in status_answer.cpp, since it passes
// stored text on byte for byte.
#pragma once

#include "api/alert_answer.hpp"
#include "base/json_described.hpp"
#include "domain/command.hpp"
#include "domain/operators.hpp"
#include "domain/session.hpp"
#include "flow/held_decision.hpp"
#include "report/dispute_evidence.hpp"
#include "report/generator_load.hpp"
#include "report/order_rows.hpp"
#include "report/order_words.hpp"
#include "report/setup_faults.hpp"
#include "report/statistics.hpp"
#include "store/outbox.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// --- for everybody ---

struct ErrorAnswer {
  std::string error;                 // a sentence
  std::string code;                  // a fixed snake_case word
  std::optional<std::string> param;  // the member at fault
};
BOOST_DESCRIBE_STRUCT(ErrorAnswer, (), (error, code, param))

enum class HealthWord { ok, ready };
BOOST_DESCRIBE_ENUM(HealthWord, ok, ready)
struct HealthAnswer {
  HealthWord status;
};
BOOST_DESCRIBE_STRUCT(HealthAnswer, (), (status))

// --- for buyers and Stripe ---

enum class Mode { live, test };
BOOST_DESCRIBE_ENUM(Mode, live, test)

// One price with all that a shop's page needs to offer it. Amount, currency and name are left out
// while Stripe has not answered.
struct OfferedPrice {
  std::string priceId;
  std::optional<std::string> name;      // the price's nickname at Stripe
  std::optional<std::int64_t> amount;   // of one quantity, in the currency's smallest unit
  std::optional<std::string> currency;  // "usd"
  std::int64_t videos = 1;              // of one quantity
  std::int64_t quantityMax = 1;
  std::string toolSlug;
  std::string toolTitle;
  std::optional<MediaKind> media;  // absent = videos
  std::vector<double> durations;   // the first of each list is the default
  std::vector<std::string> resolutions;
  std::vector<std::string> styles;
};
BOOST_DESCRIBE_STRUCT(OfferedPrice, (),
                      (priceId, name, amount, currency, videos, quantityMax, toolSlug, toolTitle,
                       media, durations, resolutions, styles))

struct PricesAnswer {
  bool success = true;
  json::Members<std::string> prices;  // name -> price id
  Mode mode;
  std::vector<OfferedPrice> items;  // one for each tool that a price buys
};
BOOST_DESCRIBE_STRUCT(PricesAnswer, (), (success, prices, mode, items))

struct PaymentPage {
  std::string sessionId;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(PaymentPage, (), (sessionId, url))

// It has a status word: a page that reads only that stops asking. The text is in `error`, as in the
// replaced system, and in `message`, the member that is ours.
struct StatusErrorAnswer {
  SessionStatus status = SessionStatus::error;
  std::string error;
  std::string code;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(StatusErrorAnswer, (), (status, error, code, message))

// The same for every address, known or not.
struct AskedAnswer {
  bool asked = true;
};
BOOST_DESCRIBE_STRUCT(AskedAnswer, (), (asked))

struct FoundOrderAnswer {
  std::string sessionId;
  SessionStatus status = SessionStatus::pending;
  std::string toolTitle;
  std::int64_t videoCount = 1;
  std::string createdAt;
  std::optional<SessionPaid> paid;
  std::optional<std::string> priceId;
};
BOOST_DESCRIBE_STRUCT(FoundOrderAnswer, (),
                      (sessionId, status, toolTitle, videoCount, createdAt, paid, priceId))

struct FoundOrdersAnswer {
  std::vector<FoundOrderAnswer> orders;  // newest first
};
BOOST_DESCRIBE_STRUCT(FoundOrdersAnswer, (), (orders))

struct EventAnswer {
  bool received = true;
};
BOOST_DESCRIBE_STRUCT(EventAnswer, (), (received))

// --- for the operator: signing in, numbers, one order ---

// `mode` so that the page can say it in every view, also in one that is empty.
struct SignInAnswer {
  bool signedIn;
  Mode mode;
  std::optional<std::string> name = {};  // of who is signed in
  std::optional<Role> role = {};
};
BOOST_DESCRIBE_STRUCT(SignInAnswer, (), (signedIn, mode, name, role))

struct PatchAnswer {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(PatchAnswer, (), (success))

// null instead of it while there are none; so also for the next two.
struct OpenDisputes {
  std::int64_t count = 0;
  Time answerBy;  // of the first one
};
BOOST_DESCRIBE_STRUCT(OpenDisputes, (), (count, answerBy))

struct StoppedRefunds {
  std::string reason;
  Time since;
};
BOOST_DESCRIBE_STRUCT(StoppedRefunds, (), (reason, since))

struct GeneratorAway {
  std::string reason;
  Time since;
  std::int64_t waiting = 0;  // videos
};
BOOST_DESCRIBE_STRUCT(GeneratorAway, (), (reason, since, waiting))

struct PausedCheckout {
  Time since;
  json::OrNull<Time> until;      // null = until a person resumes
  json::OrNull<std::string> by;  // null = many cards were declined
};
BOOST_DESCRIBE_STRUCT(PausedCheckout, (), (since, until, by))

struct Now {
  Time time;
  std::int64_t waiting = 0;  // for their payment
  std::int64_t inProgress = 0;
  std::int64_t held = 0;
  json::OrNull<OpenDisputes> disputed;
  json::OrNull<std::int64_t> expectedSeconds;
  json::OrNull<StoppedRefunds> refundsStopped;
  json::OrNull<GeneratorAway> generatorAway;
  std::vector<GeneratorLoad> generators;  // empty: a single one without limits
  json::OrNull<PausedCheckout> checkoutPaused;
  bool clockWrong = false;
  std::vector<SetupFault> setup;
  Mode mode = Mode::test;
  std::vector<AlertAnswer> alerts;  // the open ones
};
BOOST_DESCRIBE_STRUCT(Now, (),
                      (time, waiting, inProgress, held, disputed, expectedSeconds, refundsStopped,
                       generatorAway, generators, checkoutPaused, clockWrong, setup, mode, alerts))

// The counts by time, and the state at this moment, for one reading of the page.
struct StatsAnswer : StatsSeries {
  Now now;
};
BOOST_DESCRIBE_STRUCT(StatsAnswer, (StatsSeries), (now))

struct UnitAnswer {
  std::size_t unit = 0;   // from 0, as stored
  std::size_t video = 0;  // from 1, as people count
  UnitState state = UnitState::waiting;
  std::string reason;
  std::string job;
  std::string generator;
  std::string cost;  // what its jobs cost us, "0.15 usd"; empty = not known
  std::string url;
  std::int64_t attempt = 0;
  json::OrNull<Time> accepted;
  json::OrNull<Time> retry;
  Outcome registered = Outcome::none;
  std::string refund;
  std::int64_t amount = 0;
  std::vector<CommandKind> actions;  // possible now
};
BOOST_DESCRIBE_STRUCT(UnitAnswer, (),
                      (unit, video, state, reason, job, generator, cost, url, attempt, accepted,
                       retry, registered, refund, amount, actions))

struct OrderAnswer {
  std::string id;
  Time now;
  json::OrNull<Time> nextLook;
  // The next members are absent if the order has no claim that can be read.
  std::optional<ListedRow> order;
  std::optional<std::vector<std::string>> words;
  std::optional<std::vector<DashboardLink>> links;
  std::optional<std::vector<UnitAnswer>> units;
  std::optional<std::vector<CommandKind>> actions;
  std::optional<std::vector<EvidenceField>> evidence;  // while the bank asks
  std::string margin;  // earned, generators, left, for people; empty = no cost is known
  json::OrNull<std::string> problem;  // why there is no claim
  json::Raw records;                  // as they are stored
};
BOOST_DESCRIBE_STRUCT(OrderAnswer, (),
                      (id, now, nextLook, order, words, links, units, actions, evidence, margin,
                       problem, records))

// Beside the filters of the lists. Only of lists that Redis has an index of.
struct CountsAnswer {
  std::int64_t all = 0;
  std::int64_t held = 0;
  std::int64_t disputed = 0;
  std::int64_t waiting = 0;
  std::int64_t working = 0;
  std::int64_t givenUp = 0;  // notifications
  Mode mode = Mode::test;
};
BOOST_DESCRIBE_STRUCT(CountsAnswer, (), (all, held, disputed, waiting, working, givenUp, mode))

// --- for the operator: decisions ---

struct DecidedUnit {
  UnitState state = UnitState::waiting;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(DecidedUnit, (), (state, reason))

struct DecidedClaim {
  OrderState state = OrderState::open;
  std::int64_t version = 0;
  std::string reason;
  std::vector<DecidedUnit> units;
};
BOOST_DESCRIBE_STRUCT(DecidedClaim, (), (state, version, reason, units))

struct DecisionAnswer {
  bool done = true;
  std::string what;  // the consequence, a sentence
  std::vector<std::size_t> units;
  std::vector<std::size_t> videos;                   // the same, as people count
  std::optional<std::vector<std::string>> left_out;  // why others were not
  DecidedClaim claim;
};
BOOST_DESCRIBE_STRUCT(DecisionAnswer, (), (done, what, units, videos, left_out, claim))

// `was_open` shows whether the release changed anything.
struct CheckoutPauseAnswer {
  bool paused = false;
  bool changed = false;  // by this request
};
BOOST_DESCRIBE_STRUCT(CheckoutPauseAnswer, (), (paused, changed))

struct BreakerAnswer {
  bool done = true;
  bool was_open = false;
};
BOOST_DESCRIBE_STRUCT(BreakerAnswer, (), (done, was_open))

// `leftOut`: orders whose state did not permit it any more.
struct RetriedAnswer {
  bool done = true;
  std::size_t retried = 0;
  std::size_t leftOut = 0;
};
BOOST_DESCRIBE_STRUCT(RetriedAnswer, (), (done, retried, leftOut))

struct RefundedAnswer {
  bool done = true;
  std::size_t refunded = 0;
  std::size_t leftOut = 0;
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(RefundedAnswer, (), (done, refunded, leftOut, more))

// One decision about many held orders: what became of each.
struct DecidedTogether {
  std::int64_t done = 0;
  std::int64_t refused = 0;
  std::vector<HeldResult> results;
};
BOOST_DESCRIBE_STRUCT(DecidedTogether, (), (done, refused, results))

// --- for the operator: notifications ---

struct NotificationAnswer {
  std::string id;
  Channel way = Channel::webhook;
  std::string type;                  // "order.delivered"
  std::string sessionId;             // empty for an alert
  std::optional<std::string> alert;  // "held"
  MessageState state = MessageState::waiting;
  json::OrNull<Time> createdAt;
  std::int64_t attempts = 0;
  json::OrNull<Time> lastAttemptAt;
  std::int64_t lastStatus = 0;
  std::string lastWhy;
};
BOOST_DESCRIBE_STRUCT(NotificationAnswer, (),
                      (id, way, type, sessionId, alert, state, createdAt, attempts, lastAttemptAt,
                       lastStatus, lastWhy))

struct NotificationsAnswer {
  std::vector<Channel> ways;
  std::vector<NotificationAnswer> notifications;
};
BOOST_DESCRIBE_STRUCT(NotificationsAnswer, (), (ways, notifications))

struct RetriedNotifications {
  std::int64_t retried = 0;
  std::optional<bool> more;  // of a retry of all
};
BOOST_DESCRIBE_STRUCT(RetriedNotifications, (), (retried, more))

}  // namespace claimcheck
