// The routes of what a person decides: about one order, and about the breaker of refunds.
#include "app/api.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "flow/operator_action.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <expected>

namespace claimcheck {

namespace {

using Words = std::expected<OperatorWords, HttpResponse>;

std::unexpected<HttpResponse> unreadable(std::string_view member, std::string_view what) {
  return std::unexpected(error_response(400, fmt::format("{} {}", member, what),
                                        fmt::format("invalid_{}", member), member));
}

// Every member is understood or refused: a misspelled one could send another video's money back.
Words read_words(std::string_view body) {
  const Result<boost::json::value> document = json::parse(body);
  if (!document || !document->is_object()) {
    return std::unexpected(error_response(400, "the body must be a JSON object", "invalid_json"));
  }
  OperatorWords words;
  for (const auto& [key, value] : document->get_object()) {
    const std::string name(key);
    std::string* text = nullptr;
    if (name == "action") text = &words.action;
    if (name == "url") text = &words.url;
    if (name == "note") text = &words.note;
    if (text != nullptr) {
      if (!value.is_string()) return unreadable(name, "must be a string");
      *text = std::string(value.get_string());
    } else if (name == "unit") {
      if (!value.is_int64()) return unreadable(name, "must be a whole number");
      words.unit = value.get_int64();
    } else if (name == "all") {
      if (!value.is_bool()) return unreadable(name, "must be true or false");
      words.all = value.get_bool();
    } else {
      return std::unexpected(
          error_response(400, "this member is not known", "unknown_member", name.substr(0, 64)));
    }
  }
  return words;
}

boost::json::object claim_object(const Claim& claim) {
  boost::json::array units;
  for (const Unit& unit : claim.units) {
    units.push_back({{"state", name_of(unit.state)}, {"reason", unit.reason}});
  }
  return {{"state", name_of(claim.state)},
          {"version", claim.version},
          {"reason", claim.reason},
          {"units", std::move(units)}};
}

std::string done_text(CommandKind kind, const ActionDone& done) {
  boost::json::object answer = {{"done", true}, {"what", consequence(kind)}};
  answer["units"] = boost::json::array(done.units.begin(), done.units.end());
  if (!done.left_out.empty()) {
    answer["left_out"] = boost::json::array(done.left_out.begin(), done.left_out.end());
  }
  answer["claim"] = claim_object(done.claim);
  return json::print(answer);
}

}  // namespace

Api::Answer Api::order_action(HttpRequest request, std::string session_id) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  if (!is_session_id(session_id)) {
    co_return error_response(400, "this is not a session id", "invalid_session_id");
  }
  Words words = read_words(request.body);
  if (!words) co_return words.error();
  auto action = read_action(std::move(*words));
  if (!action) co_return refusal_response(action.error());
  const CommandKind kind = action->command.kind;
  const auto done = co_await carry_out(context_, std::move(session_id), std::move(*action));
  if (!done) co_return refusal_response(done.error());
  co_return json_response(200, done_text(kind, *done));
}

Api::Answer Api::release_breaker(HttpRequest request, std::string) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  const Result<bool> released = co_await context_.store.release_refunds();
  if (!released) co_return store_error_response(released.error());
  log_info("operator_action", {{"action", "release_breaker"}, {"was_open", *released}});
  co_return json_response(200, fmt::format(R"({{"done":true,"was_open":{}}})", *released));
}

}  // namespace claimcheck
