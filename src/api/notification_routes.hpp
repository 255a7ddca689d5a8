// NotificationRoutes: the operator's view of notifications: the outbox messages that wait, those
// that were given up, and another attempt for these. The router lets only the operator in. Owned by
// Api, borrows what it is given.
#pragma once

#include "api/router.hpp"
#include "store/outbox.hpp"

#include <string>
#include <vector>

namespace claimcheck {

class NotificationRoutes {
 public:
  // `channels`: on which notifications are sent here.
  NotificationRoutes(Outbox& outbox, const std::vector<Channel>& channels)
      : outbox_(outbox), channels_(channels) {}

  // Errors: 400 for another state, 503.
  Answer list(HttpRequest request);
  // Errors: 404 if no given-up message has this id, 503.
  Answer retry(std::string id, Caller caller);
  // Errors: 503; what was retried before stays so. `more` in the answer: send it again for the
  // rest.
  Answer retry_all(Caller caller);

 private:
  Outbox& outbox_;
  const std::vector<Channel>& channels_;
};

}  // namespace claimcheck
