#include "app/following.hpp"

#include "flow/fulfilment.hpp"
#include "store/keys.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

RedisOptions following(RedisOptions options, StatusCache& orders, OrderEvents& events,
                       Context& context) {
  const std::string session = keys::session("");
  const std::string woken = keys::any_woken();
  options.pushes.ask = {
      RedisCommand{"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", session, "PREFIX", woken}};
  options.pushes.without = unannounced_cost;
  // First the kept answers: the streams read them.
  const auto told = [&orders, &events](bool now) {
    orders.told(now);
    events.told(now);
  };
  options.pushes.connected = told;
  options.pushes.receive = [&orders, &events, &context, told, session,
                            woken](const std::vector<std::string>& texts) {
    if (texts.size() < 2) told(true);  // the whole database was flushed: all are read again
    for (const std::string_view text : texts) {
      if (text.starts_with(session)) {
        orders.changed(text.substr(session.size()));
        events.changed(text.substr(session.size()));
      }
      if (text.starts_with(woken) && context.fulfilment != nullptr) context.fulfilment->look();
    }
  };
  return options;
}

}  // namespace claimcheck
