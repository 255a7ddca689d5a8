#include "app/alert_watch.hpp"

#include "domain/names.hpp"
#include "notify/dispatcher.hpp"
#include "report/alert_signs.hpp"

#include <fmt/format.h>

namespace claimcheck {

AlertWatch::AlertWatch(Context& context, Statistics& statistics, MailNow mail_now,
                       AlertWatchOptions options)
    : context_(context),
      statistics_(statistics),
      mail_now_(std::move(mail_now)),
      options_(std::move(options)) {}

boost::asio::awaitable<void> AlertWatch::run() {
  while (true) {
    co_await look();
    co_await context_.clock.sleep(alerts_looked_every);
  }
}

boost::asio::awaitable<void> AlertWatch::look() {
  co_await look_at_redis();
  Result<AlertFacts> facts = co_await read_alert_facts(context_, statistics_);
  if (!facts) co_return;  // Redis is away, and has its own alert
  std::vector<AlertSign> signs = alert_signs(*facts);
  co_await add_balance(signs);
  const auto records = co_await record_alerts(context_, options_.alerts, std::move(signs));
  // What was recorded and not told is told by the next look.
  if (!records) co_return;
  for (const AlertRecord& record : *records) {
    if (record.kind == AlertKind::redis_away) continue;
    context_.metrics.set_alert(name_of(record.kind), record.open);
  }
}

// The same steps as those of the stored alerts, on a record of this process.
boost::asio::awaitable<void> AlertWatch::look_at_redis() {
  const Result<void> ready = co_await context_.store.marks->ready();
  AlertSign sign{.kind = AlertKind::redis_away, .on = !ready.has_value(), .count = 0, .why = {}};
  if (!ready) sign.why = ready.error().message;
  std::optional<AlertRecord> next =
      alert_step(redis_, sign, context_.clock.now(), options_.alerts.times);
  if (next) {
    redis_ = std::move(*next);
    if (redis_.pending != AlertNews::none) log_alert(redis_);
  }
  context_.metrics.set_alert(name_of(redis_.kind), redis_.open);
  if (redis_.pending != AlertNews::none) co_await mail_about_redis();
}

// A mail that was not accepted is tried again under its id, on the schedule of all messages: a mail
// server that refuses us must not be asked every few seconds.
boost::asio::awaitable<void> AlertWatch::mail_about_redis() {
  if (context_.clock.steady() < redis_next_) co_return;
  const bool done = co_await mail_now_(redis_);
  const auto wait = next_attempt(++redis_attempts_, alert_notice_id(redis_));
  if (!done && wait) {
    redis_next_ = context_.clock.steady() + *wait;
    co_return;
  }
  redis_ = alert_told(redis_);
  redis_attempts_ = 0;
  redis_next_ = Duration(0);
}

boost::asio::awaitable<void> AlertWatch::add_balance(std::vector<AlertSign>& signs) {
  // Without a threshold no call is made: credits that are used up show as a generator that is away.
  if (options_.balance_low == 0) co_return;
  const Result<bool> turn = co_await context_.store.alerts->balance_turn(balance_read_every);
  if (!turn || !*turn) co_return;
  Generator* generator = context_.generators.find(context_.catalog.default_generator.generator);
  if (generator == nullptr) co_return;
  const auto balance = co_await generator->balance();
  // Away, or a generator that does not tell it: nothing is known.
  if (!balance || !*balance) co_return;
  signs.push_back({.kind = AlertKind::balance_low,
                   .on = **balance <= static_cast<double>(options_.balance_low),
                   .count = 0,
                   .why = fmt::format("{:.0f} credits", **balance)});
}

}  // namespace claimcheck
