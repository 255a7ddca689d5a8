#include "cli/doctor.hpp"

#include "api/order_events.hpp"
#include "cli/setup_checks.hpp"
#include "cli/storage_check.hpp"
#include "cli/store.hpp"
#include "domain/alert_words.hpp"
#include "flow/alert_records.hpp"
#include "net/http/client.hpp"
#include "net/redis/greeting.hpp"
#include "report/setup_faults.hpp"
#include "store/keys.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace claimcheck {

namespace {

constexpr Duration public_url_timeout = std::chrono::seconds(5);

// Of equal width, so the findings form columns. Capitals for the one that stops the server.
std::string_view grade_text(Grade grade) {
  switch (grade) {
    case Grade::good: return "ok     ";
    case Grade::doubtful: return "doubt  ";
    case Grade::unreached: return "UNKNOWN";
    case Grade::refused: return "REFUSED";
  }
  return "";
}

// What the processes on this Redis have met in the last hour.
boost::asio::awaitable<std::vector<Finding>> check_counts(Store& store, Clock& clock) {
  std::vector<Finding> findings;
  const auto hour = co_await store.counts->stats(StatsRange::hour, clock.now(),
                                                 shape_of(StatsRange::hour).buckets);
  // Without the counts nothing is known to be wrong; Redis itself is judged by its own findings.
  if (!hour) co_return findings;
  for (SetupFault& fault : setup_faults(*hour)) {
    // Key, token and clock are asked for themselves; the secret shows in nothing else.
    const bool only_here = fault.fault == "webhook_secret";
    findings.push_back(
        {only_here ? Grade::refused : Grade::doubtful, "last hour", std::move(fault.why)});
  }
  co_return findings;
}

// Tried and taken back: some managed Redis refuse it.
boost::asio::awaitable<Finding> check_announcements(Redis& redis) {
  const RedisCommand ask = {"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", keys::session("")};
  const std::vector<RedisCommand> tried = {ask, {"CLIENT", "TRACKING", "OFF"}};
  const auto told = co_await redis.exec_all(tried);
  if (!told) co_return Finding{Grade::unreached, "live", told.error().message};
  const RedisReply::Failure* refused = told->front().failure();
  if (refused == nullptr) {
    co_return Finding{Grade::good, "live", "Redis announces each change of an order"};
  }
  co_return Finding{Grade::doubtful, "live", pushes_refused(ask, refused->text, unannounced_cost)};
}

// The address in mails and at Stripe. From here it may be reached in another way than from outside,
// and the server need not run: so no answer is a doubt.
boost::asio::awaitable<Finding> check_public_url(const std::string& url) {
  CurlClient http(co_await boost::asio::this_coro::executor);
  HttpCall call;
  call.url = url + "/healthz";
  call.timeout = public_url_timeout;
  const Result<HttpResponse> answer = co_await http.send(std::move(call));
  if (!answer) {
    co_return Finding{Grade::doubtful, "public",
                      fmt::format("{} cannot be reached from here: {}: is the server running, and "
                                  "does the proxy know it?",
                                  url, answer.error().message)};
  }
  const bool ours = answer->status == 200 && answer->body.contains(R"("status":"ok")");
  if (ours) co_return Finding{Grade::good, "public", url};
  co_return Finding{Grade::doubtful, "public",
                    fmt::format("what answers at {} is not claimcheck ({}): check "
                                "CLAIMCHECK_PUBLIC_URL and the proxy",
                                url, answer->status)};
}

// What a person is called for at present. None is a refusal: the processes serve all the same.
boost::asio::awaitable<std::vector<Finding>> check_alerts(Store& store) {
  std::vector<Finding> findings;
  const Result<std::vector<AlertRecord>> open = co_await open_alerts(*store.alerts);
  if (!open) co_return findings;
  for (const AlertRecord& record : *open) {
    const AlertWords words = alert_words(record);
    findings.push_back({Grade::doubtful, "alert",
                        fmt::format("{}, since {}: {}", words.title,
                                    to_iso(from_us(record.since_us)), words.todo)});
  }
  co_return findings;
}

// Without an answer of the hook no order may be taken. Its no is an answer as well.
boost::asio::awaitable<Finding> check_screening(const ScreeningOptions& options, Time now) {
  CurlClient http(co_await boost::asio::this_coro::executor);
  OrderRequest question;
  question.prompt = "a question of claimcheck doctor";
  const ScreeningAnswer answer =
      co_await ask_screening_hook(http, options, screening_body(question), now);
  if (answer.verdict != ScreeningVerdict::silent) {
    co_return Finding{Grade::good, "screening", "the shop's hook answers"};
  }
  co_return Finding{options.allow_when_silent ? Grade::doubtful : Grade::refused, "screening",
                    answer.text + ": check CLAIMCHECK_SCREENING_URL and _SECRET, and the hook"};
}

// Orders are served without them, so a failure here is a doubt and no refusal.
boost::asio::awaitable<std::vector<Finding>> check_notifications(const Config& config) {
  std::vector<Finding> findings;
  if (!config.shop_webhook.url.empty()) {
    CurlClient http(co_await boost::asio::this_coro::executor);
    HttpCall call;
    // HEAD has no body, so the receiver cannot take it for a notification.
    call.method = "HEAD";
    call.url = config.shop_webhook.url;
    call.timeout = config.shop_webhook.timeout;
    const Result<HttpResponse> answer = co_await http.send(std::move(call));
    // Any status is good: a receiver need not know HEAD, and only its reachability is in question.
    const std::string why = answer ? "" : answer.error().message;
    findings.push_back(answer ? Finding{Grade::good, "notify", "the shop's receiver can be reached"}
                              : Finding{Grade::doubtful, "notify",
                                        why + ": check CLAIMCHECK_NOTIFY_URL and the network"});
  }
  if (!config.smtp.url.empty()) {
    // The same client as the server's, so that login and TLS are tested as they are used.
    SmtpClient smtp(config.smtp);
    const Result<MailReply> reply = co_await smtp.check();
    // After the login and before a recipient: the server has accepted us, and no mail exists.
    const bool good = reply && reply->code < 400;
    const std::string why =
        reply ? fmt::format("it answered {}", reply->code) : reply.error().message;
    findings.push_back(good ? Finding{Grade::good, "mail", "the mail server takes our mails"}
                            : Finding{Grade::doubtful, "mail",
                                      why + ": check CLAIMCHECK_SMTP_URL and the network"});
  }
  co_return findings;
}

ExitCode print(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::cout << fmt::format("{}  {:<9} {}\n", grade_text(finding.grade), finding.what,
                             finding.text);
  }
  // A doubt does not stop a server, so it does not fail a deployment script either.
  const auto any = [&findings](Grade grade) {
    return std::ranges::find(findings, grade, &Finding::grade) != findings.end();
  };
  if (any(Grade::refused)) return ExitCode::failed;
  // Nobody knows whether the server could serve: that is not "ok".
  return any(Grade::unreached) ? ExitCode::away : ExitCode::ok;
}

boost::asio::awaitable<ExitCode> examine(const Config& config, StoreConnection& connection,
                                         Clock& clock) {
  // connected() and not prepare(): that writes into an empty Redis, and doctor writes nothing.
  const Result<void> connected = co_await connection.connected(clock);
  if (!connected) co_return complain(connected.error());
  std::vector<Finding> findings;
  const Result<RedisVerdict> verdict = co_await connection.examine(clock, config);
  // Read by itself and not by prepare(), which would refuse to go on with another Redis.
  const Result<std::string> epoch = co_await connection.epoch();
  if (verdict) findings = verdict->findings;
  const std::optional<Duration> redis_ahead = verdict ? verdict->ahead : std::nullopt;
  // A Redis that forbids the questions is reported as a finding: the other checks still say
  // something.
  if (!verdict) findings.push_back({Grade::refused, "redis", verdict.error().message});
  findings.push_back(check_epoch(config.epoch, epoch));
  findings.push_back(co_await check_announcements(connection.redis()));
  std::ranges::copy(co_await check_stripe(config, clock, redis_ahead),
                    std::back_inserter(findings));
  std::ranges::copy(co_await check_counts(connection.store(), clock), std::back_inserter(findings));
  std::ranges::copy(co_await check_alerts(connection.store()), std::back_inserter(findings));
  std::ranges::copy(co_await check_generator(config, clock), std::back_inserter(findings));
  if (!config.screening.url.empty()) {
    findings.push_back(co_await check_screening(config.screening, clock.now()));
  }
  std::ranges::copy(co_await check_storage(config, clock), std::back_inserter(findings));
  std::ranges::copy(co_await check_notifications(config), std::back_inserter(findings));
  if (!config.public_url.empty()) {
    findings.push_back(co_await check_public_url(config.public_url));
  }
  // First the place: many a finding is that this is the wrong Redis.
  std::cout << fmt::format("Redis at {}\n", connection.place());
  co_return print(findings);
}

}  // namespace

ExitCode run_doctor(const Config& config) {
  return run_connected(config, [&config](StoreConnection& connection, Clock& machine) {
    return examine(config, connection, machine);
  });
}

}  // namespace claimcheck
