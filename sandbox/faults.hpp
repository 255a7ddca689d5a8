// Faults: errors on purpose. A rule names the requests that it applies to ("POST /v1/refunds", "GET
// /api/v1/file/*", "WEBHOOK checkout.session.completed"), how many it lets pass first, how often it
// applies, and its action. The first rule that applies wins. Rules with a probability use the seed,
// so a run can be repeated.
//   {"match": "...", "after": 0, "times": 1, "probability": 0.1, "action": {...}}
// Actions for requests: status, body, headers, html, drop, execute, delay_ms, answer_delay_ms,
// task ("error" | "never" | "refused"); for webhooks: drop, copies, delay_ms. "times": 0 has no
// end, which is also the default of a rule with a probability.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http/http.hpp"
#include "sandbox/json_text.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::sandbox {

struct Fault {
  bool execute = true;                 // the request has its effect
  bool drop = false;                   // the connection ends without an answer
  std::optional<HttpResponse> answer;  // replaces the real one; empty body = the usual one
  Duration delay{0};                   // before it executes
  Duration answer_delay{0};            // after that
  std::string task;                    // how a generation ends: "", "error", "never", "refused"
  std::int64_t copies = 1;             // webhooks: deliveries at once
  std::string name;                    // the rule that applied, "" for none
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : random_(seed) {}

  // Adds a JSON array of rules after the existing ones. Errors: invalid; then none is added.
  Result<std::size_t> add(const Value& rules);
  void clear() { rules_.clear(); }
  Fault draw(std::string_view subject);
  Array describe() const;

 private:
  struct Rule {
    std::string match;
    std::int64_t after = 0;
    std::int64_t times = 1;
    double probability = 1;
    Fault fault;
    Object action;
    std::int64_t seen = 0;
    std::int64_t struck = 0;
  };
  static Result<Rule> read_rule(const Value& given);
  bool strikes(Rule& rule, std::string_view subject);

  std::vector<Rule> rules_;
  std::mt19937_64 random_;
};

}  // namespace claimcheck::sandbox
