#include "app/alert_watch.hpp"

#include "app/generator_watch.hpp"
#include "domain/names.hpp"
#include "notify/dispatcher.hpp"
#include "report/alert_signs.hpp"

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
  co_await add_generators(signs);
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

boost::asio::awaitable<void> AlertWatch::add_generators(std::vector<AlertSign>& signs) {
  const Result<bool> turn =
      co_await context_.store.alerts->balance_turn(generators_looked_at_every);
  if (!turn || !*turn) co_return;
  for (AlertSign& sign : co_await look_at_generators(context_, options_.balance_low)) {
    signs.push_back(std::move(sign));
  }
}

}  // namespace claimcheck
