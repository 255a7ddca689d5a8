#include "sandbox/ledger.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

namespace claimcheck::sandbox {

namespace {

Array all_of(const Collection& collection) {
  return Array(collection.all().begin(), collection.all().end());
}

// The session that an event is about, by its object or that one's payment intent.
Value session_of(const Object& event, const StripeState& state) {
  const Object& object = event.at("data").at("object").get_object();
  if (text_of(object, "object") == "checkout.session") return object.at("id");
  const bool is_intent = text_of(object, "object") == "payment_intent";
  const std::string intent = text_of(object, is_intent ? "id" : "payment_intent");
  const Object* session = state.session_of_intent(intent);
  return session == nullptr ? Value() : session->at("id");
}

Object generation_entry(std::string_view provider, const std::string& id, const Object& input) {
  const std::string prompt = text_of(input, "prompt");
  return {{"id", id},
          {"provider", provider},
          {"prompt_sha256", sha256_hex(prompt)},
          {"prompt_bytes", prompt.size()},
          {"prompt", prompt}};
}

}  // namespace

void Ledger::record(const HttpRequest& request, const Fault& fault, int status, Time at) {
  Object headers;
  for (const HttpHeader& header : request.headers) {
    if (header.name != "authorization") headers[header.name] = header.value;
  }
  requests_.push_back(Object{{"method", request.method},
                             {"path", request.target},
                             {"body", request.body.substr(0, request_body_kept)},
                             {"headers", std::move(headers)},
                             {"status", status},
                             {"at", to_iso(at)}});
  if (!fault.name.empty()) requests_.back()["fault"] = fault.name;
  if (requests_.size() > requests_kept) requests_.pop_front();
}

Array Ledger::sessions() const {
  Array all;
  for (const Object& session : state_.sessions.all()) {
    Object entry;
    for (const char* name : {"id", "status", "payment_status", "amount_total", "currency",
                             "payment_intent", "metadata", "created", "expires_at"}) {
      entry[name] = session.at(name);
    }
    const auto items = state_.line_items.find(text_of(session, "id"));
    entry["line_items"] = items == state_.line_items.end() ? Array() : items->second;
    all.push_back(std::move(entry));
  }
  return all;
}

Array Ledger::events() const {
  Array all;
  for (const Object& event : state_.events.all()) {
    all.push_back(Object{{"id", event.at("id")},
                         {"type", event.at("type")},
                         {"session", session_of(event, state_)}});
  }
  return all;
}

Array Ledger::deliveries() const {
  Array all;
  for (const Webhooks::Attempt& attempt : webhooks_.attempts()) {
    all.push_back(Object{{"event", attempt.event},
                         {"type", attempt.type},
                         {"attempt", attempt.attempt},
                         {"status", attempt.status},
                         {"at", to_iso(attempt.at)}});
  }
  return all;
}

Array Ledger::generations() const {
  Array all;
  for (const Generation& generation : generator_.all()) {
    const Object& config = generation.config;
    Object entry = generation_entry("superduperai", generation.id, config);
    entry["seed"] = generation.seed;
    for (const char* name :
         {"duration", "width", "height", "aspect_ratio", "generation_config_name"}) {
      const Value* member = config.if_contains(name);
      entry[name] = member == nullptr ? Value() : *member;
    }
    entry["raw_config"] = config;
    entry["at"] = to_iso(generation.at);
    entry["state"] = generation.state;
    all.push_back(std::move(entry));
  }
  for (const ProviderJob& job : jobs_.all()) {
    Object entry = generation_entry(job.order.provider, job.order.id, job.order.input);
    entry["generation_config_name"] = job.order.model;
    entry["raw_config"] = job.order.input;
    entry["at"] = to_iso(job.at);
    if (job.ended) entry["ended"] = to_iso(*job.ended);
    entry["state"] = word_of(job.state);
    all.push_back(std::move(entry));
  }
  return all;
}

Object Ledger::describe(std::string_view only) const {
  const std::string wanted = fmt::format(",{},", only);
  const auto wants = [&](std::string_view part) {
    return only.empty() || wanted.find(fmt::format(",{},", part)) != std::string::npos;
  };
  Object all;
  if (wants("sessions")) all["sessions"] = sessions();
  if (wants("payments")) all["payments"] = all_of(state_.intents);
  if (wants("charges")) all["charges"] = all_of(state_.charges);
  if (wants("refunds")) all["refunds"] = all_of(state_.refunds);
  if (wants("disputes")) all["disputes"] = all_of(state_.disputes);
  if (wants("events")) all["events"] = events();
  if (wants("deliveries")) all["deliveries"] = deliveries();
  if (wants("generations")) all["generations"] = generations();
  if (wants("requests")) all["requests"] = Array(requests_.begin(), requests_.end());
  return all;
}

}  // namespace claimcheck::sandbox
