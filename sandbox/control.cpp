#include "sandbox/control.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace claimcheck::sandbox {

// `path` has at most one "*", for the id.
struct Control::Route {
  std::string_view method;
  std::string_view path;
  std::function<Result<Value>(Control&, const std::string&, Wish)> run;
};

namespace {

// The part of `path` that matches "*"; "" when the pattern has no "*"; nothing when it does not
// match.
std::optional<std::string> matched_id(std::string_view path, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return path == pattern ? std::optional<std::string>("") : std::nullopt;
  }
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return std::nullopt;
  }
  std::string id(path.substr(before.size(), path.size() - before.size() - after.size()));
  return id.find('/') == std::string::npos ? std::optional(std::move(id)) : std::nullopt;
}

int status_of(Errc code) {
  if (code == Errc::not_found) return 404;
  return code == Errc::conflict ? 409 : 400;
}

Value done() { return Object{{"ok", true}}; }

}  // namespace

HttpResponse Control::answer(const HttpRequest& request) {
  const Result<Value> result = dispatch(request);
  if (result) return json_answer(200, *result);
  return json_answer(status_of(result.error().code), Object{{"error", result.error().message}});
}

Result<Value> Control::dispatch(const HttpRequest& request) {
  const std::string_view path = request.path;
  if (path == "/sandbox/ledger" && request.method == "GET") {
    return parts_.ledger.describe(form_value(request.query, "only").value_or(""));
  }
  if (path == "/sandbox/faults" && request.method == "GET") return parts_.faults.describe();
  Value body = Object();
  if (!request.body.empty()) {
    Result<Value> read = json::parse(request.body);
    if (!read) return fail(read);
    body = std::move(*read);
  }
  if (path == "/sandbox/faults" && request.method == "POST") {
    const Result<std::size_t> count = parts_.faults.add(body);
    if (!count) return fail(count);
    return Object{{"rules", *count}};
  }
  if (!body.is_object()) return fail(Errc::invalid, "the body must be a JSON object");

  using Id = const std::string&;
  static const auto routes = std::to_array<Route>({
      {"DELETE", "/sandbox/faults",
       [](Control& c, Id, Wish) -> Result<Value> {
         c.parts_.faults.clear();
         return done();
       }},
      {"POST", "/sandbox/sessions/*/pay", &Control::act_on_session},
      {"POST", "/sandbox/sessions/*/dispute", &Control::dispute},
      {"POST", "/sandbox/sessions/*", &Control::change_session},
      {"POST", "/sandbox/disputes/*", &Control::change_dispute},
      {"POST", "/sandbox/refunds/*",
       [](Control& c, Id id, Wish wish) -> Result<Value> {
         const Result<std::string> event =
             c.parts_.payments.end_refund(id, text_of(wish, "status"));
         if (!event) return fail(event);
         return Object{{"event", *event}};
       }},
      {"POST", "/sandbox/prices/*", &Control::change_price},
      {"POST", "/sandbox/keys/*", &Control::restrict_key},
      {"POST", "/sandbox/webhook", &Control::set_webhook},
      {"POST", "/sandbox/webhook/pause",
       [](Control& c, Id, Wish) -> Result<Value> {
         c.parts_.webhooks.pause();
         return done();
       }},
      {"POST", "/sandbox/webhook/resume",
       [](Control& c, Id, Wish) -> Result<Value> {
         c.parts_.webhooks.resume();
         return done();
       }},
      {"POST", "/sandbox/events/*/resend", &Control::resend_event},
      {"POST", "/sandbox/events", &Control::emit_event},
      {"POST", "/sandbox/clock", &Control::advance_clock},
      {"POST", "/sandbox/generations/*", &Control::finish_generation},
      {"POST", "/sandbox/shop",
       [](Control& c, Id, Wish wish) -> Result<Value> {
         c.parts_.shop.set_api(text_of(wish, "api"));
         return done();
       }},
  });
  for (const Route& route : routes) {
    if (route.method != request.method) continue;
    if (const auto id = matched_id(path, route.path)) {
      return route.run(*this, *id, body.get_object());
    }
  }
  return fail(Errc::not_found, "the sandbox has no such route");
}

Result<Value> Control::act_on_session(const std::string& id, Wish wish) {
  const std::string action = wish.contains("action") ? text_of(wish, "action") : "pay";
  if (const std::string code = text_of(wish, "code"); !code.empty()) {
    const Result<void> applied = parts_.payments.apply_code(id, code);
    if (!applied) return fail(applied);
  }
  if (const std::string currency = text_of(wish, "presentment_currency"); !currency.empty()) {
    const Result<void> presented = parts_.payments.present_in(id, currency);
    if (!presented) return fail(presented);
  }
  Result<std::string> event = std::string();
  if (action == "pay") {
    event = parts_.payments.pay(id);
  } else if (action == "decline") {
    event = parts_.payments.decline(id);
  } else if (action == "later" || action == "later_fail") {
    event = parts_.payments.pay_later(id, action == "later_fail");
  } else if (action != "cancel") {
    return fail(Errc::invalid, "action is one of pay, decline, later, later_fail, cancel");
  }
  if (!event) return fail(event);
  const Object* session = parts_.state.sessions.find(id);
  if (session == nullptr) return fail(Errc::not_found, "there is no such session");
  return Object{{"event", text_or_null(*event)},
                {"status", session->at("status")},
                {"payment_status", session->at("payment_status")},
                {"payment_intent", session->at("payment_intent")}};
}

Result<Value> Control::change_session(const std::string& id, Wish members) {
  Object* session = parts_.state.sessions.find(id);
  if (session == nullptr) return fail(Errc::not_found, "there is no such session");
  for (const auto& member : members) {
    if (!session->contains(member.key())) {
      return fail(Errc::invalid, "sessions have no member " + std::string(member.key()));
    }
    (*session)[member.key()] = member.value();
  }
  return *session;
}

// What the shop's owner changes in the Dashboard: "active", "type".
Result<Value> Control::change_price(const std::string& id, Wish members) {
  Object* price = parts_.state.prices.find(id);
  if (price == nullptr) return fail(Errc::not_found, "there is no such price");
  for (const auto& member : members) (*price)[member.key()] = member.value();
  return *price;
}

// {"lacks": ["rak_charge_write"]}
Result<Value> Control::restrict_key(const std::string& key, Wish wish) {
  std::vector<std::string> lacks;
  const Value* given = wish.if_contains("lacks");
  if (given == nullptr || !given->is_array()) return fail(Errc::invalid, "lacks must be a list");
  for (const Value& right : given->get_array()) {
    if (right.is_string()) lacks.emplace_back(right.get_string());
  }
  parts_.stripe.restrict_key(key, std::move(lacks));
  return done();
}

Result<Value> Control::set_webhook(const std::string&, Wish wish) {
  // Without a new secret the old one stays: tests move the endpoint often.
  Endpoint endpoint{text_of(wish, "url"), parts_.webhooks.endpoint().secrets};
  if (wish.contains("secret")) endpoint.secrets = split_secrets(text_of(wish, "secret"));
  parts_.webhooks.set_endpoint(std::move(endpoint));
  return done();
}

Result<Value> Control::resend_event(const std::string& id, Wish wish) {
  const Object* event = parts_.state.events.find(id);
  if (event == nullptr) return fail(Errc::not_found, "there is no such event");
  const std::int64_t copies = wish.contains("copies") ? integer_of(wish, "copies") : 1;
  parts_.webhooks.resend(*event, copies);
  return done();
}

// Without an object the event is about a paid session of another product on the same account. Types
// that begin with "v1." are thin notifications.
Result<Value> Control::emit_event(const std::string&, Wish wish) {
  const std::string type = text_of(wish, "type");
  if (type.empty()) return fail(Errc::invalid, "an event needs a type");
  Object object;
  if (const Value* given = wish.if_contains("object"); given && given->is_object()) {
    object = given->get_object();
  } else {
    Object& session = parts_.checkouts.add_foreign();
    const std::string id = text_of(session, "id");
    // This event needs a payment; pay() emits it with all events around it.
    if (type == "checkout.session.completed") {
      const Result<std::string> paid = parts_.payments.pay(id);
      if (!paid) return fail(paid);
      return Object{{"event", *paid}, {"session", id}};
    }
    object = session;
  }
  const std::string event = type.starts_with("v1.") ? parts_.events.emit_thin(type, object)
                                                    : parts_.events.emit(type, object);
  return Object{{"event", event}, {"session", text_of(object, "id")}};
}

Result<Value> Control::advance_clock(const std::string&, Wish wish) {
  parts_.clock.advance(std::chrono::seconds(integer_of(wish, "advance_s")));
  // Run before the answer, so that the test sees the state after the move.
  parts_.agenda.run_due();
  return Object{{"now", to_iso(parts_.clock.now())}};
}

Result<Value> Control::dispute(const std::string& id, Wish) {
  const Result<std::string> event = parts_.payments.dispute(id);
  if (!event) return fail(event);
  return Object{{"event", *event}};
}

Result<Value> Control::change_dispute(const std::string& id, Wish wish) {
  const Result<std::string> event = parts_.payments.change_dispute(id, text_of(wish, "status"));
  if (!event) return fail(event);
  return Object{{"event", *event}};
}

Result<Value> Control::finish_generation(const std::string& id, Wish wish) {
  const std::string state = text_of(wish, "state");
  if (state != "completed" && state != "error") {
    return fail(Errc::invalid, "state is one of completed, error");
  }
  const JobState job_state = state == "completed" ? JobState::done : JobState::failed;
  if (!parts_.generator.finish(id, state) && !parts_.jobs.finish(id, job_state)) {
    return fail(Errc::not_found, "no such generation");
  }
  return done();
}

}  // namespace claimcheck::sandbox
