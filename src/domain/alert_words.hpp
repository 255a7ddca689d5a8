// The words of alerts for people: what has happened, what claimcheck does meanwhile, what to do,
// and the page of /ops that shows it. The same words stand in mails, in the shop's webhook, at /ops
// and in `claimcheck doctor`. English, and nothing of a buyer. Pure.
#pragma once

#include "domain/alert.hpp"

#include <string>

namespace claimcheck {

struct AlertWords {
  std::string title;      // "3 orders are held": no full stop
  std::string what;       // a sentence
  std::string meanwhile;  // sentences: what claimcheck does by itself
  std::string todo;       // sentences
  std::string ended;      // a sentence: what is true now that it is over
  std::string page;       // below the public address: "/ops#/orders/held"
};

AlertWords alert_words(const AlertRecord& record);

}  // namespace claimcheck
