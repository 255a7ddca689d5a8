#include "api/notification_routes.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/news.hpp"
#include "store/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t listed_max = 200;
constexpr std::size_t retried_max = 500;  // by one request

std::string moment(std::int64_t us) {
  return us == 0 ? "null" : json::print(std::string_view(to_iso(from_us(us))));
}

std::string letter_json(const Letter& letter) {
  return fmt::format(
      R"({{"id":{},"way":{},"type":{},"sessionId":{},"state":{},"createdAt":{},"attempts":{},)"
      R"("lastAttemptAt":{},"lastStatus":{},"lastWhy":{}}})",
      json::print(std::string_view(letter.id)), json::print(name_of(letter.way)),
      json::print(std::string_view(news_type(letter.news))),
      json::print(std::string_view(letter.session)), json::print(name_of(letter.state)),
      moment(letter.first_us), letter.attempts, moment(letter.last_us), letter.last_status,
      json::print(std::string_view(letter.last_why)));
}

std::string ways_json(const std::vector<LetterWay>& ways) {
  std::string names;
  for (const LetterWay way : ways) names += (names.empty() ? "" : ",") + json::print(name_of(way));
  return "[" + names + "]";
}

}  // namespace

Answer NotificationRoutes::list(HttpRequest request) {
  const std::string wanted = form_value(request.query, "state").value_or("dead");
  const auto state = from_name<LetterState>(wanted);
  if (!state || *state == LetterState::done) {
    co_return error_response(400, "state must be dead or waiting", "invalid", "state");
  }
  const Result<std::vector<Letter>> found = co_await store_.letters(*state, listed_max);
  if (!found) co_return store_error_response(found.error());
  std::string listed;
  for (const Letter& letter : *found) {
    listed += (listed.empty() ? "" : ",") + letter_json(letter);
  }
  co_return json_response(
      200, fmt::format(R"({{"ways":{},"notifications":[{}]}})", ways_json(ways_), listed));
}

Answer NotificationRoutes::retry(std::string id) {
  const Result<std::int64_t> retried = co_await store_.retry_letter(id);
  if (!retried) co_return store_error_response(retried.error());
  if (*retried == 0) {
    co_return error_response(404, "no notification that was given up has this id", "not_found");
  }
  log_info("operator_action", {{"action", "retry_notification"}, {"id", id}});
  co_return json_response(200, fmt::format(R"({{"retried":{}}})", *retried));
}

// Of all that were given up the newest first, as many as one request may take.
Answer NotificationRoutes::retry_all() {
  const Result<std::vector<Letter>> dead =
      co_await store_.letters(LetterState::dead, retried_max + 1);
  if (!dead) co_return store_error_response(dead.error());
  std::int64_t all = 0;
  for (std::size_t i = 0; i < std::min(dead->size(), retried_max); ++i) {
    const Result<std::int64_t> retried = co_await store_.retry_letter((*dead)[i].id);
    if (!retried) co_return store_error_response(retried.error());
    all += *retried;
  }
  log_info("operator_action", {{"action", "retry_notifications"}, {"retried", all}});
  co_return json_response(
      200, fmt::format(R"({{"retried":{},"more":{}}})", all, dead->size() > retried_max));
}

}  // namespace claimcheck
