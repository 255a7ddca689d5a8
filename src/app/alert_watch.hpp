// AlertWatch: looks every few seconds which conditions need a person, and takes what it saw into
// the store, from where notices leave through the outbox. Any number of processes look; the store
// lets one of them decide. Redis itself cannot remember that it is away, so each process has its
// own view of that, and mails the operators directly: once for each outage, and once at its end.
// Also keeps the metric of open alerts. Owned by the server.
#pragma once

#include "flow/alert_records.hpp"
#include "net/http/http.hpp"
#include "report/statistics.hpp"

#include <functional>

namespace claimcheck {

inline constexpr Duration alerts_looked_every = std::chrono::seconds(5);
inline constexpr Duration generators_looked_at_every = std::chrono::hours(1);

struct AlertWatchOptions {
  AlertOptions alerts;
  std::int64_t balance_low = 0;
};

// Mails past the outbox; false = not accepted, to be tried again later.
using MailNow = std::function<boost::asio::awaitable<bool>(AlertRecord)>;

class AlertWatch {
 public:
  AlertWatch(Context& context, Statistics& statistics, MailNow mail_now, AlertWatchOptions options);

  // Never returns.
  boost::asio::awaitable<void> run();
  // One look.
  boost::asio::awaitable<void> look();

 private:
  boost::asio::awaitable<void> look_at_redis();
  boost::asio::awaitable<void> mail_about_redis();
  boost::asio::awaitable<void> add_generators(std::vector<AlertSign>& signs);

  Context& context_;
  Statistics& statistics_;
  MailNow mail_now_;
  AlertWatchOptions options_;
  AlertRecord redis_{.kind = AlertKind::redis_away};  // this process' own
  std::int64_t redis_attempts_ = 0;                   // of its pending mail
  Duration redis_next_{0};                            // when the next one is made, steady
};

}  // namespace claimcheck
