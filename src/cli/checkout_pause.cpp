#include "cli/checkout_pause.hpp"

#include "base/text.hpp"
#include "cli/person.hpp"
#include "cli/store.hpp"

#include <fmt/format.h>

#include <iostream>

namespace claimcheck {

namespace {

boost::asio::awaitable<ExitCode> show(Store& store) {
  const auto pause = co_await store.gate->checkout_pause();
  if (!pause) co_return complain(pause.error());
  if (!*pause) {
    std::cout << "new checkouts are opened\n";
  } else if ((*pause)->automatic()) {
    std::cout << fmt::format(
        "no new checkouts are opened since {}: many cards were declined. It ends at {} if no "
        "further card is declined; claimcheck checkout resume ends it now\n",
        to_iso((*pause)->since), to_iso((*pause)->until));
  } else {
    std::cout << fmt::format(
        "no new checkouts are opened since {}: paused by {}. claimcheck checkout resume ends it\n",
        to_iso((*pause)->since), printable((*pause)->by));
  }
  co_return ExitCode::ok;
}

boost::asio::awaitable<ExitCode> pause(Store& store) {
  const Result<bool> paused = co_await store.gate->pause_checkout(person_at_command_line());
  if (!paused) co_return complain(paused.error());
  std::cout << (*paused ? "paused: no new checkouts until claimcheck checkout resume\n"
                        : "new checkouts were paused by a person already\n");
  co_return ExitCode::ok;
}

boost::asio::awaitable<ExitCode> resume(Store& store) {
  const Result<bool> resumed = co_await store.gate->resume_checkout();
  if (!resumed) co_return complain(resumed.error());
  std::cout << (*resumed ? "resumed: new checkouts are opened\n"
                         : "new checkouts were not paused; counting begins anew\n");
  co_return ExitCode::ok;
}

}  // namespace

ExitCode run_checkout_command(const Config& config, CheckoutCommand command) {
  return run_on_store_as_server(config, [command](Store& store, Clock&) {
    if (command == CheckoutCommand::pause) return pause(store);
    return command == CheckoutCommand::resume ? resume(store) : show(store);
  });
}

}  // namespace claimcheck
