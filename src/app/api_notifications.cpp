// The operator's view of what is told of orders: what waits, what was given up, and trying again.
#include "app/api.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "store/outbox.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

constexpr std::size_t listed_max = 200;

std::string moment(std::int64_t us) {
  return us == 0 ? "null" : json::print(std::string_view(to_iso(from_us(us))));
}

std::string letter_json(const Letter& letter) {
  return fmt::format(
      R"({{"id":{},"way":{},"type":{},"sessionId":{},"state":{},"createdAt":{},"attempts":{},)"
      R"("lastAttemptAt":{},"lastStatus":{}}})",
      json::print(std::string_view(letter.id)), json::print(name_of(letter.way)),
      json::print(std::string_view("order." + letter.news)),
      json::print(std::string_view(letter.session)), json::print(name_of(letter.state)),
      moment(letter.first_us), letter.attempts, moment(letter.last_us), letter.last_status);
}

}  // namespace

Api::Answer Api::notifications(HttpRequest request, std::string) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  const std::string wanted = form_value(request.query, "state").value_or("dead");
  const auto state = from_name<LetterState>(wanted);
  if (!state || *state == LetterState::done) {
    co_return error_response(400, "state must be dead or waiting", "invalid", "state");
  }
  const Result<std::vector<Letter>> found = co_await context_.store.letters(*state, listed_max);
  if (!found) co_return store_error_response(found.error());
  std::string listed;
  for (const Letter& letter : *found) {
    listed += (listed.empty() ? "" : ",") + letter_json(letter);
  }
  co_return json_response(200, R"({"notifications":[)" + listed + "]}");
}

Api::Answer Api::retry_notification(HttpRequest request, std::string id) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  const Result<bool> retried = co_await context_.store.retry_letter(std::move(id));
  if (!retried) co_return store_error_response(retried.error());
  if (!*retried) {
    co_return error_response(404, "no notification that was given up has this id", "not_found");
  }
  co_return json_response(200, R"({"retried":true})");
}

}  // namespace claimcheck
