#include "api/notification_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "base/log.hpp"
#include "domain/alert.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "store/outbox.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t listed_max = 200;
constexpr std::size_t retried_max = 500;  // by one request

NotificationAnswer answer_of(const OutboxMessage& message) {
  const bool alert = is_alert_type(message.news);
  const std::string name = message.session.substr(0, message.session.find('.'));
  return {.id = message.id,
          .way = message.channel,
          .type = notification_type(message.news),
          .sessionId = alert ? std::string() : message.session,
          .alert = alert ? std::optional(name) : std::nullopt,
          .state = message.state,
          .createdAt = json::moment(message.first_us),
          .attempts = message.attempts,
          .lastAttemptAt = json::moment(message.last_us),
          .lastStatus = message.last_status,
          .lastWhy = message.last_why};
}

}  // namespace

Answer NotificationRoutes::list(HttpRequest request) {
  // Given-up messages by default: they are what a person must act on.
  const std::string wanted = form_value(request.query, "state").value_or("dead");
  const auto state = from_name<MessageState>(wanted);
  // Sent messages are kept for a day only, against a second sending. A list of them would look
  // complete and would not be.
  if (!state || *state == MessageState::done) {
    co_return error_response(400, "state must be dead or waiting", "invalid", "state");
  }
  const Result<std::vector<OutboxMessage>> found = co_await outbox_.messages(*state, listed_max);
  if (!found) co_return store_error_response(found.error());
  NotificationsAnswer answer{.ways = channels_, .notifications = {}};
  for (const OutboxMessage& message : *found) answer.notifications.push_back(answer_of(message));
  co_return json_response(200, answer);
}

Answer NotificationRoutes::retry(std::string id, Caller caller) {
  const Result<std::int64_t> retried = co_await outbox_.retry_message(id);
  if (!retried) co_return store_error_response(retried.error());
  // A message that waits or was sent is not touched, so a second click sends nothing twice.
  if (*retried == 0) {
    co_return error_response(404, "no notification that was given up has this id", "not_found");
  }
  log_info("operator_action", {{"action", "retry_notification"}, {"id", id}, {"by", caller.name}});
  co_return json_response(200, RetriedNotifications{.retried = *retried, .more = {}});
}

// Retries given-up messages, the newest first, as many as one request may take.
Answer NotificationRoutes::retry_all(Caller caller) {
  const Result<std::vector<OutboxMessage>> dead =
      // One more than is retried: it shows whether there are more.
      co_await outbox_.messages(MessageState::dead, retried_max + 1);
  if (!dead) co_return store_error_response(dead.error());
  std::int64_t all = 0;
  for (std::size_t i = 0; i < std::min(dead->size(), retried_max); ++i) {
    // 0 = another request has retried it meanwhile; it is not counted twice.
    const Result<std::int64_t> retried = co_await outbox_.retry_message((*dead)[i].id);
    if (!retried) co_return store_error_response(retried.error());
    all += *retried;
  }
  log_info("operator_action",
           {{"action", "retry_notifications"}, {"retried", all}, {"by", caller.name}});
  const bool more = dead->size() > retried_max;
  co_return json_response(200, RetriedNotifications{.retried = all, .more = more});
}

}  // namespace claimcheck
