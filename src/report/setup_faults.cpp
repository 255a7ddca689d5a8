#include "report/setup_faults.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace claimcheck {

namespace {

struct Rule {
  std::string_view fault;
  std::string_view series;
  std::string_view good;  // the series that shows the opposite; empty = there is none
  bool once_is_enough;    // one good count in the hour, not only a later one
  std::string_view why;
};

constexpr auto rules = std::to_array<Rule>({
    {"webhook_secret", "setup_webhook_secret", "webhooks", true,
     "every event of the last hour was refused by its signature: STRIPE_WEBHOOK_SECRET is not the "
     "secret of this webhook endpoint"},
    {"stripe_key", "setup_stripe_key", "stripe_ok", false,
     "Stripe refuses STRIPE_SECRET_KEY, so nobody can pay"},
    {"generator_token", "setup_generator_token", "generator_ok", false,
     "the generator refuses SUPERDUPERAI_TOKEN, so paid orders wait"},
    {"clock", "setup_clock", "", false,
     "the clock of a process differs from Stripe's: set its machine's clock by NTP"},
    {"notifications", "setup_notifications", "", false,
     "notifications were given up: look at CLAIMCHECK_NOTIFY_URL and CLAIMCHECK_SMTP_URL, then "
     "send them again"},
});

// The place of the latest count of a series; -1 = none.
using Latest = std::function<std::int64_t(std::string_view series)>;

SetupState state_by(const Rule& rule, const Latest& latest) {
  const std::int64_t bad = latest(rule.series);
  const std::int64_t good = rule.good.empty() ? -1 : latest(rule.good);
  const bool refuted = rule.once_is_enough ? good >= 0 : good > bad;
  if (bad >= 0 && !refuted) return SetupState::wrong;
  // An hour in which nothing was tried shows nothing.
  return good >= 0 || rule.good.empty() ? SetupState::right : SetupState::unknown;
}

std::vector<SetupFault> judge(const Latest& latest) {
  std::vector<SetupFault> faults;
  for (const Rule& rule : rules) {
    if (state_by(rule, latest) != SetupState::wrong) continue;
    faults.push_back({.fault = std::string(rule.fault), .why = std::string(rule.why)});
  }
  return faults;
}

Latest latest_in(const StatsSeries& hour) {
  return [&hour](std::string_view name) -> std::int64_t {
    for (const auto& [series, counts] : hour.series) {
      if (series != name) continue;
      const auto last = std::find_if(counts.rbegin(), counts.rend(),
                                     [](std::int64_t count) { return count > 0; });
      return counts.rend() - last - 1;
    }
    return -1;
  };
}

}  // namespace

std::vector<SetupFault> setup_faults(const StatsSeries& hour) { return judge(latest_in(hour)); }

SetupState setup_state(const StatsSeries& hour, std::string_view fault) {
  const auto rule = std::ranges::find(rules, fault, &Rule::fault);
  return rule == rules.end() ? SetupState::unknown : state_by(*rule, latest_in(hour));
}

std::vector<SetupFault> setup_faults(const std::vector<StatsBucket>& hour) {
  return judge([&hour](std::string_view name) {
    std::int64_t place = -1;
    for (std::size_t i = 0; i < hour.size(); ++i) {
      const auto count = hour[i].values.find(name);
      const bool counted = count != hour[i].values.end() && count->second > 0;
      if (counted) place = static_cast<std::int64_t>(i);
    }
    return place;
  });
}

}  // namespace claimcheck
