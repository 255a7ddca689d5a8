// NotificationRoutes: the operator's view of what is told of orders: what waits, what was given up,
// and trying again. The router lets only the operator in. Owned by Api, borrows what it is given.
#pragma once

#include "api/router.hpp"
#include "store/outbox.hpp"

#include <string>
#include <vector>

namespace claimcheck {

class NotificationRoutes {
 public:
  // `ways`: on which news of orders go out here.
  NotificationRoutes(Outbox& outbox, const std::vector<Channel>& channels)
      : outbox_(outbox), channels_(channels) {}

  Answer list(HttpRequest request);
  Answer retry(std::string id);
  Answer retry_all();

 private:
  Outbox& outbox_;
  const std::vector<Channel>& channels_;
};

}  // namespace claimcheck
