#include "flow/alert_records.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/alert_words.hpp"
#include "domain/names.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// Puts the pending notice into the outbox, and marks it as told. Returns the record as it is then.
Async<AlertRecord> tell(Context& context, const AlertOptions& options, AlertRecord record) {
  for (const Channel channel : options.channels) {
    OutboxMessage message{.id = alert_notice_id(record),
                          .channel = channel,
                          .session = alert_reference(record),
                          .news = alert_type(record.pending)};
    const Result<void> put = co_await context.store.outbox->put_message(std::move(message));
    if (!put) co_return fail(put);
  }
  failpoint("alert.after_put");
  AlertRecord told = alert_told(record);
  const Result<bool> written = co_await context.store.alerts->write_alert(told);
  if (!written) co_return fail(written);
  // Another process has told it meanwhile, under the same id.
  co_return told;
}

Async<AlertRecord> take_sign(Context& context, const AlertOptions& options, AlertRecord record,
                             const AlertSign& sign) {
  std::optional<AlertRecord> next = alert_step(record, sign, context.clock.now(), options.times);
  if (!next) co_return record;
  const Result<bool> written = co_await context.store.alerts->write_alert(*next);
  if (!written) co_return fail(written);
  // Another process was first, and tells what it has decided.
  if (!*written) co_return record;
  if (next->pending == AlertNews::none) co_return std::move(*next);
  log_alert(*next);
  failpoint("alert.after_record");
  co_return co_await tell(context, options, std::move(*next));
}

}  // namespace

void log_alert(const AlertRecord& record) {
  const bool ended = record.pending == AlertNews::closed;
  // The same sentence as everywhere: some kinds have no reason beside their name.
  const AlertWords words = alert_words(record);
  log(ended ? LogLevel::info : LogLevel::error, ended ? "alert_closed" : "alert_open",
      {{"alert", name_of(record.kind)},
       {"number", record.number},
       {"count", record.count},
       {"why", ended ? words.ended : words.what}});
}

Async<std::vector<AlertRecord>> record_alerts(Context& context, const AlertOptions& options,
                                              std::vector<AlertSign> signs) {
  Result<std::vector<AlertRecord>> records = co_await context.store.alerts->alerts();
  if (!records) co_return fail(records);
  for (AlertRecord& record : *records) {
    if (record.pending != AlertNews::none) {
      // Its process died or could not reach the outbox, or is at it at this moment.
      Result<AlertRecord> told = co_await tell(context, options, record);
      if (!told) co_return fail(told);
      record = std::move(*told);
    }
    const auto sign = std::ranges::find(signs, record.kind, &AlertSign::kind);
    if (sign == signs.end()) continue;
    Result<AlertRecord> next = co_await take_sign(context, options, record, *sign);
    if (!next) co_return fail(next);
    record = std::move(*next);
  }
  co_return std::move(*records);
}

Async<std::vector<AlertRecord>> open_alerts(Alerts& alerts) {
  Result<std::vector<AlertRecord>> all = co_await alerts.alerts();
  if (!all) co_return fail(all);
  std::erase_if(*all, [](const AlertRecord& record) { return !record.open; });
  co_return std::move(*all);
}

}  // namespace claimcheck
