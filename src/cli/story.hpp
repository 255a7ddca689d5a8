// Story: the whole context that the stories of flow/ and report/ demand, for commands that work on
// Redis alone. Nothing is sent to Stripe or to the generator through it by the commands that use
// it. Lives as long as the command; borrows the rest.
#pragma once

#include "config/config.hpp"
#include "flow/context.hpp"
#include "net/http/client.hpp"

namespace claimcheck {

class Story {
 public:
  // On the event loop of the executor.
  Story(const boost::asio::any_io_executor& executor, const Config& config, Store& store,
        Clock& clock)
      : http_(executor),
        stripe_(http_, clock, metrics_, config.stripe),
        generators_(http_, metrics_, clock, all_generators(config)),
        context{store, stripe_, generators_, clock, metrics_, config.catalog, config.policy} {}
  // Not copied: its parts point to one another.
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

 private:
  Metrics metrics_;
  CurlClient http_;
  stripe::Client stripe_;
  Generators generators_;

 public:
  Context context;
};

}  // namespace claimcheck
