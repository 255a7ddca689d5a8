#include "sandbox/faults.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <fnmatch.h>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view html_page =
    "<!DOCTYPE html><html><head><title>Sandbox</title></head><body>Not an API.</body></html>";

constexpr std::array<std::string_view, 10> action_words = {
    "status",  "body",     "headers",         "html", "drop",
    "execute", "delay_ms", "answer_delay_ms", "task", "copies"};
constexpr std::array<std::string_view, 5> rule_words = {"match", "after", "times", "probability",
                                                        "action"};

Duration milliseconds_of(const Object& action, std::string_view name) {
  return std::chrono::milliseconds(integer_of(action, name));
}

bool only_words(const Object& object, const auto& words) {
  return std::ranges::all_of(object, [&words](const auto& member) {
    return std::ranges::find(words, std::string_view(member.key())) != words.end();
  });
}

HttpResponse read_answer(const Object& action, bool html) {
  HttpResponse answer;
  answer.status = static_cast<int>(integer_of(action, "status"));
  if (answer.status == 0) answer.status = 200;
  if (html) {
    answer.headers.push_back({"content-type", "text/html; charset=UTF-8"});
    answer.body = html_page;
  }
  if (const Value* headers = action.if_contains("headers"); headers && headers->is_object()) {
    for (const auto& header : headers->get_object()) {
      const std::string value = header.value().is_string() ? header.value().get_string().c_str()
                                                           : compact(header.value());
      answer.headers.push_back({header.key(), value});
    }
  }
  if (const Value* body = action.if_contains("body")) {
    answer.body = body->is_string() ? body->get_string().c_str() : compact(*body);
  }
  return answer;
}

}  // namespace

Result<Faults::Rule> Faults::read_rule(const Value& given) {
  const Value* action = json::find(given, "action");
  Rule rule;
  rule.match = json::text_at(given, "match");
  if (rule.match.empty() || action == nullptr || !action->is_object()) {
    return fail(Errc::invalid, "a fault needs a match and an action");
  }
  rule.action = action->get_object();
  if (!only_words(given.get_object(), rule_words) || !only_words(rule.action, action_words)) {
    return fail(Errc::invalid, "unknown word in the fault for " + rule.match);
  }
  rule.after = json::integer_at(given, "after");
  if (const Value* probability = json::find(given, "probability")) {
    if (!probability->is_number()) return fail(Errc::invalid, "probability must be a number");
    rule.probability = probability->to_number<double>();
    // A rule with a probability has no end unless it says one.
    rule.times = 0;
  }
  if (const Value* times = json::find(given, "times"); times && json::integer(*times)) {
    rule.times = *json::integer(*times);
  }
  const bool html = json::bool_at(*action, "html");
  Fault& fault = rule.fault;
  fault.name = rule.match + " " + compact(rule.action);
  fault.drop = json::bool_at(*action, "drop");
  if (html || rule.action.contains("status")) fault.answer = read_answer(rule.action, html);
  // A replaced or dropped answer means by default that the request had no effect; "execute" gives
  // the harder case, a lost answer.
  fault.execute = json::bool_at(*action, "execute") || (!fault.answer && !fault.drop);
  fault.delay = milliseconds_of(rule.action, "delay_ms");
  fault.answer_delay = milliseconds_of(rule.action, "answer_delay_ms");
  fault.task = text_of(rule.action, "task");
  if (rule.action.contains("copies")) fault.copies = integer_of(rule.action, "copies");
  return rule;
}

Result<std::size_t> Faults::add(const Value& rules) {
  if (!rules.is_array()) return fail(Errc::invalid, "faults come as an array of rules");
  std::vector<Rule> added;
  for (const Value& given : rules.get_array()) {
    Result<Rule> rule = read_rule(given);
    if (!rule) return fail(rule);
    added.push_back(std::move(*rule));
  }
  // Only after all were read: a wrong rule must leave none of its array.
  std::ranges::move(added, std::back_inserter(rules_));
  return rules_.size();
}

bool Faults::strikes(Rule& rule, std::string_view subject) {
  if (fnmatch(rule.match.c_str(), std::string(subject).c_str(), 0) != 0) return false;
  // Checked before `seen`, so that a used-up rule counts no further requests.
  if (rule.times != 0 && rule.struck >= rule.times) return false;
  if (++rule.seen <= rule.after) return false;
  if (rule.probability < 1 &&
      std::uniform_real_distribution<double>(0, 1)(random_) >= rule.probability) {
    return false;
  }
  ++rule.struck;
  return true;
}

Fault Faults::draw(std::string_view subject) {
  for (Rule& rule : rules_) {
    if (strikes(rule, subject)) return rule.fault;
  }
  return {};
}

Array Faults::describe() const {
  Array all;
  for (const Rule& rule : rules_) {
    all.push_back(Object{{"match", rule.match},
                         {"after", rule.after},
                         {"times", rule.times},
                         {"probability", rule.probability},
                         {"action", rule.action},
                         {"seen", rule.seen},
                         {"struck", rule.struck}});
  }
  return all;
}

}  // namespace claimcheck::sandbox
