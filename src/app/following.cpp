#include "app/following.hpp"

#include "flow/fulfilment.hpp"
#include "store/keys.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

RedisOptions following(RedisOptions options, OrderEvents& events, Context& context) {
  const std::string session = keys::session("");
  const std::string woken = keys::any_woken();
  options.pushes.ask = {
      RedisCommand{"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", session, "PREFIX", woken}};
  options.pushes.without = unannounced_cost;
  options.pushes.connected = [&events](bool now) { events.told(now); };
  options.pushes.receive = [&events, &context, session,
                            woken](const std::vector<std::string>& texts) {
    if (texts.size() < 2) events.told(true);  // the whole database was flushed: all are read again
    for (const std::string_view text : texts) {
      if (text.starts_with(session)) events.changed(text.substr(session.size()));
      if (text.starts_with(woken) && context.fulfilment != nullptr) context.fulfilment->look();
    }
  };
  return options;
}

}  // namespace claimcheck
