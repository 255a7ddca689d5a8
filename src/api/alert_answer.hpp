// AlertAnswer: one open alert as the operator's page shows it, with the words of the mails. The
// names and order of its members are a contract, as in answer_types.hpp.
#pragma once

#include "base/json_described.hpp"
#include "domain/alert.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

struct AlertAnswer {
  AlertKind alert = AlertKind::held;
  AlertSeverity severity = AlertSeverity::warning;
  Time since;
  std::int64_t count = 0;
  std::string title;
  std::string what;
  std::string meanwhile;
  std::string todo;
  std::string page;  // "/ops#/orders/held"
};
BOOST_DESCRIBE_STRUCT(AlertAnswer, (),
                      (alert, severity, since, count, title, what, meanwhile, todo, page))

std::vector<AlertAnswer> alert_answers(const std::vector<AlertRecord>& open);

}  // namespace claimcheck
