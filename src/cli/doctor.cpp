#include "cli/doctor.hpp"

#include "cli/store.hpp"
#include "net/http/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace claimcheck {

namespace {

// Of equal width, so the findings form columns. Capitals for the one that stops the server.
std::string_view grade_text(Grade grade) {
  switch (grade) {
    case Grade::good: return "ok     ";
    case Grade::doubtful: return "doubt  ";
    case Grade::refused: return "REFUSED";
  }
  return "";
}

boost::asio::awaitable<std::vector<Finding>> check_stripe(const Config& config, Clock& clock,
                                                          std::optional<Duration> redis_ahead) {
  std::vector<Finding> findings;
  // Redis can be checked before a key exists.
  if (config.stripe.key.empty()) co_return findings;
  Metrics metrics;
  CurlClient http;
  // Without pacing: one call, which must work also when Redis does not.
  stripe::Client stripe(http, clock, metrics, config.stripe);
  const Result<Duration> skew = co_await stripe.clock_skew();
  if (!skew) {
    const bool refused =
        // Stripe has refused the key: serving would fail for sure. Silence may be the network, for
        // a moment.
        skew.error().code == Errc::unavailable || skew.error().code == Errc::forbidden;
    findings.push_back({refused ? Grade::refused : Grade::doubtful, "stripe",
                        skew.error().message + ": check STRIPE_SECRET_KEY and the network"});
    co_return findings;
  }
  // The limit at which the server itself raises an alarm.
  const bool good = std::chrono::abs(*skew) <= stripe::Client::clock_skew_max;
  const std::string text =
      fmt::format("our clock is {} s from Stripe's", skew->count() / 1'000'000);
  findings.push_back({Grade::good, "stripe", "answers, and takes the key"});
  findings.push_back({good ? Grade::good : Grade::refused, "clock",
                      good ? text : text + ": webhooks will be refused; set it by NTP"});
  // Three clocks can show which one is wrong; two can only show that one of them is.
  if (redis_ahead) {
    const std::optional<std::string> wrong = wrong_clocks(*redis_ahead, *skew);
    if (wrong) findings.push_back({Grade::doubtful, "clocks", *wrong});
  }
  co_return findings;
}

// Orders are served without them, so a failure here is a doubt and no refusal.
boost::asio::awaitable<std::vector<Finding>> check_notifications(const Config& config) {
  std::vector<Finding> findings;
  if (!config.shop_webhook.url.empty()) {
    CurlClient http;
    HttpCall call;
    // HEAD has no body, so the receiver cannot take it for a notification.
    call.method = "HEAD";
    call.url = config.shop_webhook.url;
    call.timeout = config.shop_webhook.timeout;
    const Result<HttpResponse> answer = co_await http.send(std::move(call));
    // Any status is good: a receiver need not know HEAD, and only its reachability is in question.
    const std::string why = answer ? "" : answer.error().message;
    findings.push_back(answer
                           ? Finding{Grade::good, "webhook", "the shop's receiver can be reached"}
                           : Finding{Grade::doubtful, "webhook",
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
  const bool refused = std::ranges::count(findings, Grade::refused, &Finding::grade) > 0;
  return refused ? ExitCode::failed : ExitCode::ok;
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
  std::ranges::copy(co_await check_stripe(config, clock, redis_ahead),
                    std::back_inserter(findings));
  std::ranges::copy(co_await check_notifications(config), std::back_inserter(findings));
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
