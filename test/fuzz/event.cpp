// The bodies of webhooks, and the same events as Stripe lists them.
#include "stripe/event.hpp"

#include "base/assert.hpp"
#include "base/json.hpp"
#include "domain/session.hpp"
#include "targets.hpp"

#include <algorithm>

namespace claimcheck::fuzz {

namespace {

bool is_plain(std::string_view id) {
  return id.size() <= 255 && std::ranges::all_of(id, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_';
         });
}

// What is taken from an event goes into keys, paths and logs.
void ensure_safe(const stripe::Event& event) {
  ENSURE(event.session_id.empty() || is_session_id(event.session_id));
  ENSURE(event.payment_intent.empty() || event.payment_intent.starts_with("pi_"));
  ENSURE(is_plain(event.session_id) && is_plain(event.payment_intent));
  ENSURE(event.session_id.empty() || event.payment_intent.empty());
  const std::string_view label = stripe::event_label(event.type);
  ENSURE(label == event.type || label == "other");
}

}  // namespace

void fuzz_event(std::string_view bytes) {
  const Result<boost::json::value> document = json::parse(bytes);
  const Result<stripe::Event> event = stripe::parse_event(bytes);
  if (!document) ENSURE(!event);
  if (!event) ENSURE(event.error().code == Errc::invalid && !event.error().message.empty());
  if (!document) return;
  const stripe::Event listed = stripe::read_event(*document);
  ensure_safe(listed);
  if (!event) return;
  ensure_safe(*event);
  ENSURE(!event->type.empty());
  ENSURE(event->type == listed.type && event->session_id == listed.session_id);
  ENSURE(event->payment_intent == listed.payment_intent && event->tool == listed.tool);
}

}  // namespace claimcheck::fuzz
