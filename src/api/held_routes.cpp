#include "api/held_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "flow/held_decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <expected>

namespace claimcheck {

namespace {

using Read = std::expected<HeldDecision, Refusal>;

std::optional<HeldChoice> choice_in(const boost::json::value& value) {
  const boost::json::value* version = json::find(value, "version");
  const auto number = version == nullptr ? std::nullopt : json::integer(*version);
  const std::string_view id = json::text_at(value, "id");
  if (!number || !is_session_id(id)) return std::nullopt;
  return HeldChoice{.session_id = std::string(id), .version = *number};
}

Read read_orders(HeldDecision decision, const boost::json::value& body) {
  const boost::json::value* const orders = json::find(body, "orders");
  const auto some = orders != nullptr && orders->is_array() ? orders->get_array().size() : 0;
  if (some == 0 || some > held_decided_max) {
    return invalid("orders", fmt::format("orders is a list of 1 to {}", held_decided_max));
  }
  for (const boost::json::value& one : orders->get_array()) {
    auto choice = choice_in(one);
    if (!choice) return invalid("orders", "each order is {\"id\": …, \"version\": …}");
    decision.orders.push_back(std::move(*choice));
  }
  return decision;
}

Read read_decision(std::string_view text) {
  Result<boost::json::object> members = json::parse_body(text);
  if (!members) return invalid("json", members.error().message);
  const boost::json::value body(std::move(*members));
  // The same reader as of one decision checks action and note.
  auto action = read_action({.action = std::string(json::text_at(body, "action")),
                             .unit = {},
                             .all = false,
                             .url = {},
                             .note = std::string(json::text_at(body, "note"))});
  const auto kind = action ? action->command.kind : CommandKind::look;
  if (!action && action.error().param != "action") return std::unexpected(action.error());
  if (!is_for_many(kind)) {
    return invalid("action", "action must be retry, resubmit or refund");
  }
  const std::string cause(json::text_at(body, "cause"));
  if (cause.empty()) return invalid("cause", "name the cause: the reason of the list");
  return read_orders({.kind = kind, .cause = cause, .note = std::move(action->note)}, body);
}

}  // namespace

Answer HeldRoutes::decide(HttpRequest request, Caller caller) {
  auto decision = read_decision(request.body);
  if (!decision) co_return refusal_response(decision.error());
  decision->by = caller.by();
  DecidedTogether answer;
  answer.results = co_await decide_held(context_, std::move(*decision));
  answer.done = std::ranges::count(answer.results, true, &HeldResult::done);
  answer.refused = std::ssize(answer.results) - answer.done;
  co_return json_response(200, answer);
}

}  // namespace claimcheck
